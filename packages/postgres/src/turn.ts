import pg from "pg";
import { serialize } from "pg-protocol";
import { shapeOf, readRow } from "./prepared.ts";
import type { Prepared, PreparedStatements, RowShape } from "./prepared.ts";
import type { Statement, StatementResult } from "./statement.ts";
import type { Field, Parser, Receiver, Wire } from "./wire.ts";

/** How a turn ended, with as much as is certain. */
export type TurnEnd =
  | { readonly kind: "answered"; readonly results: StatementResult[] }
  /** The server refused it and undid it. `step` is the statement; the number of statements for the commit. */
  | { readonly kind: "refused"; readonly error: Error; readonly step: number }
  /** The connection broke; `sent` when the server may have done it all the same. */
  | { readonly kind: "lost"; readonly error: Error; readonly sent: boolean }
  /** The server did it, and its answer cannot be read here. */
  | { readonly kind: "unreadable"; readonly error: Error };

interface TurnOptions {
  readonly statements: readonly Statement[];
  /** Whether `commit` follows behind a Sync of its own, in the same write. */
  readonly commit: boolean;
  /** Statements prepared on this connection; undefined where names cannot be used. */
  readonly prepared: PreparedStatements | undefined;
  readonly parserOf: (oid: number) => Parser;
}

/** An answer that is being received. */
interface Answer {
  readonly known: Prepared | undefined;
  shape: RowShape | undefined;
  rows: Record<string, unknown>[];
  command: string;
  rowCount: number;
}

/**
 * One write to the server and all of its answers: `[statements] Sync`, or
 * `[begin … statements] Sync [commit] Sync`. Everything before the first Sync succeeds or fails
 * together. It ends at the last ReadyForQuery and not before, because a deferred constraint or the
 * commit itself can still fail after the last statement's own answer.
 *
 * Takes no `name` and no `text`: pg would keep books about them. Throws, when it is made, what a value throws that
 * cannot be sent.
 */
export class Turn {
  readonly end: Promise<TurnEnd>;
  readonly #options: TurnOptions;
  readonly #answers: Answer[] = [];
  readonly #bytes: Buffer;
  #settle: (end: TurnEnd) => void = () => {};
  #step = 0;
  #sent = false;
  #failure: Error | undefined;
  #failedStep = 0;

  constructor(options: TurnOptions) {
    this.#options = options;
    this.end = new Promise((settle) => {
      this.#settle = settle;
    });
    // Before the client has it: one that began a turn and sent nothing would wait for an answer for ever.
    this.#bytes = this.#serialize();
  }

  /** Hands the turn to an idle client. */
  start(client: pg.ClientBase): void {
    const submit = (receiver: Receiver): void => void client.query(receiver as pg.Submittable);
    submit(new Statements(this, !this.#options.commit));
    // Its bytes went out with the others; here only its answers are received.
    if (this.#options.commit) submit(new Commit(this, true));
  }

  write(wire: Wire): void {
    this.#sent = true;
    wire.stream.write(this.#bytes);
  }

  #serialize(): Buffer {
    const messages = this.#options.statements.flatMap((statement) => this.#messages(statement));
    messages.push(serialize.sync());
    if (this.#options.commit)
      messages.push(...this.#messages({ sql: "commit", parameters: [] }), serialize.sync());
    // One buffer: the same messages one by one, corked, gave 5,545 calls a second against 5,844 (16
    // clients, N = 1 run of 4 s each).
    return Buffer.concat(messages);
  }

  #messages({ sql, parameters }: Statement): Buffer[] {
    const lookup = this.#options.prepared?.look(sql);
    const known = lookup?.prepared;
    const statement = known?.name ?? "";
    const messages = (lookup?.close ?? []).map((name) => serialize.close({ type: "S", name }));
    if (lookup?.parse !== false) messages.push(serialize.parse({ name: statement, text: sql }));
    messages.push(serialize.bind({ statement, values: [...parameters], valueMapper }));
    if (known?.shape === undefined) messages.push(serialize.describe({ type: "P", name: "" }));
    messages.push(serialize.execute({ portal: "", rows: 0 }));
    this.#answers.push({ known, shape: known?.shape, rows: [], command: "", rowCount: 0 });
    return messages;
  }

  describe(fields: readonly Field[]): void {
    const answer = this.#answers[this.#step];
    if (answer !== undefined) answer.shape = shapeOf(fields, this.#options.parserOf);
  }

  row(texts: readonly (string | null)[]): void {
    const answer = this.#answers[this.#step];
    // After a value that could not be read the other answers are still received, and thrown away.
    if (answer?.shape === undefined || this.#failure !== undefined) return;
    try {
      answer.rows.push(readRow(answer.shape, texts));
    } catch (error) {
      this.fail(error instanceof Error ? error : new Error(String(error)));
    }
  }

  complete(tag: string): void {
    const answer = this.#answers[this.#step];
    if (answer === undefined) return;
    const words = tag.split(" ");
    answer.command = words[0] ?? "";
    answer.rowCount = Number(words.at(-1)) || 0;
    if (answer.known !== undefined) {
      answer.known.state = "parsed";
      answer.known.shape = answer.shape ?? { names: [], parsers: [], empty: {} };
    }
    this.#step += 1;
  }

  /** Notes the first failure; it is told when the server is ready again, or never will be. */
  fail(error: Error): void {
    if (this.#failure !== undefined) return;
    this.#failure = error;
    this.#failedStep = this.#step;
    for (const answer of this.#answers.slice(this.#step))
      if (answer.known?.state === "sent") answer.known.state = "stale";
  }

  /** The first Sync is answered; the commit's answer comes next. */
  awaitCommit(): void {
    this.#step = this.#options.statements.length;
  }

  /** `ready`: the server is waiting for the next turn, so whatever failed was undone. */
  settle(ready: boolean): void {
    const { statements, commit } = this.#options;
    const error = this.#failure;
    if (error === undefined) {
      if (commit && this.#answers.at(-1)?.command === "ROLLBACK") {
        const refusal = new Error("COMMIT was answered by ROLLBACK");
        this.#settle({ kind: "refused", error: refusal, step: statements.length });
        return;
      }
      const answers = this.#answers.slice(0, statements.length);
      const results = answers.map(({ rows, command, rowCount }) => ({ rows, command, rowCount }));
      this.#settle({ kind: "answered", results });
      return;
    }
    const refused =
      error instanceof pg.DatabaseError && (ready || this.#failedStep < statements.length);
    if (refused) this.#settle({ kind: "refused", error, step: this.#failedStep });
    else if (ready) this.#settle({ kind: "unreadable", error });
    else this.#settle({ kind: "lost", error, sent: this.#sent });
  }
}

// pg's own conversion, so that a value means the same here and in pg's own queries.
const { utils } = pg as unknown as { utils: { prepareValue(value: unknown): unknown } };
const valueMapper = (value: unknown): unknown => utils.prepareValue(value);

/** Receives the answers up to the first Sync. */
class Statements implements Receiver {
  protected readonly turn: Turn;
  readonly #isLast: boolean;

  constructor(turn: Turn, isLast: boolean) {
    this.turn = turn;
    this.#isLast = isLast;
  }

  submit(connection: unknown): void {
    this.turn.write(connection as Wire);
  }

  handleRowDescription(message: { fields: readonly Field[] }): void {
    this.turn.describe(message.fields);
  }

  handleDataRow(message: { fields: readonly (string | null)[] }): void {
    this.turn.row(message.fields);
  }

  handleCommandComplete(message: { text: string }): void {
    this.turn.complete(message.text);
  }

  handleEmptyQuery(): void {
    this.turn.complete("");
  }

  handlePortalSuspended(): void {
    this.turn.fail(new Error("a portal was suspended that has no row limit"));
  }

  // COPY swallows the Sync that was sent, so refusing it takes another one.
  handleCopyInResponse(connection: unknown): void {
    const wire = connection as Wire;
    wire.sendCopyFail("COPY FROM STDIN is not possible here");
    wire.sync();
  }

  handleCopyData(): void {
    this.turn.fail(new Error("COPY TO STDOUT is not possible here"));
  }

  // pg forgets this receiver on an error of the server, yet the server still owes a ReadyForQuery,
  // or hangs up.
  handleError(error: Error, connection: unknown): void {
    this.turn.fail(error);
    if (!(error instanceof pg.DatabaseError)) this.turn.settle(false);
    else
      whenOver(connection as Wire, (ready) => {
        if (this.#isLast || !ready) this.turn.settle(ready);
      });
  }

  handleReadyForQuery(): void {
    if (this.#isLast) this.turn.settle(true);
  }
}

/** Receives the answer of the commit that follows. */
class Commit extends Statements {
  override submit(): void {
    this.turn.awaitCommit();
  }
}

function whenOver(wire: Wire, tell: (ready: boolean) => void): void {
  const onReady = (): void => {
    wire.removeListener("end", onEnd);
    tell(true);
  };
  const onEnd = (): void => {
    wire.removeListener("readyForQuery", onReady);
    tell(false);
  };
  wire.once("readyForQuery", onReady);
  wire.once("end", onEnd);
}
