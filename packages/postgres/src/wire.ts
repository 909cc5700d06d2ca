import type pg from "pg";

/** A column as the server describes it. */
export interface Field {
  readonly name: string;
  readonly dataTypeID: number;
}

/** Turns the text of a value into a JavaScript value. */
export type Parser = (text: string) => unknown;

/** The part of pg's connection that a turn needs; pg-cursor relies on the same. */
export interface Wire {
  readonly stream: { write(bytes: Buffer): void; destroy(error?: Error): void };
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
