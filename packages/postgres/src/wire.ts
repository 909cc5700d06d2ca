import type pg from "pg";

/** A column as the server describes it. */
export interface Field {
  readonly name: string;
  readonly dataTypeID: number;
}

/** Turns the text of a value into a JavaScript value. */
export type Parser = (text: string) => unknown;

/** The part of pg's connection that speaks the extended protocol: what pg-cursor relies on as well. */
export interface Wire {
  readonly stream: { cork(): void; uncork(): void; destroy(error?: Error): void };
  parse(message: { name: string; text: string; types: readonly number[] }): void;
  bind(message: {
    portal: string;
    statement: string;
    values: readonly unknown[];
    valueMapper: (value: unknown) => unknown;
  }): void;
  describe(message: { type: "P" | "S"; name: string }): void;
  execute(message: { portal: string; rows: number }): void;
  close(message: { type: "P" | "S"; name: string }): void;
  sync(): void;
  sendCopyFail(message: string): void;
  once(event: "readyForQuery" | "end", listener: () => void): void;
  removeListener(event: "readyForQuery" | "end", listener: () => void): void;
}

/** What the server says on a failure: `code` is the SQLSTATE. */
export type ServerError = pg.DatabaseError;

/** The messages that pg hands to an object given to `client.query`. */
export interface Receiver {
  submit(connection: unknown): void;
  handleRowDescription(message: { fields: readonly Field[] }): void;
  handleDataRow(message: { fields: readonly (string | null)[] }): void;
  handleCommandComplete(message: { text: string }): void;
  handleEmptyQuery(): void;
  handlePortalSuspended(): void;
  handleCopyInResponse(connection: unknown): void;
  handleCopyData(): void;
  handleError(error: Error, connection: unknown): void;
  handleReadyForQuery(): void;
}
