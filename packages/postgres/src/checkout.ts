import pg from "pg";
import { Deadline } from "./deadline.ts";
import { isUnavailable, PostgresFailure } from "./failure.ts";
import { detect } from "./server.ts";
import type { ServerFacts } from "./server.ts";
import { Session } from "./session.ts";
import type { Parser } from "./wire.ts";

/** How a transaction is put around a statement: see `PostgresOptions.form`. */
export type Form = "implicit" | "explicit";

/** Settings that `checkouts` needs, all decided. */
export interface CheckoutOptions {
  readonly pool: pg.Pool;
  readonly form: Form | "auto";
  readonly preparedStatements: boolean | "auto";
  readonly poolWaitMs: number;
  readonly poolQueueMax: number;
  /** Milliseconds for the first look at the server. */
  readonly timeoutMs: number;
  readonly parserOf: (oid: number) => Parser;
}

/** A session, and the form that its server needs. */
interface Lease {
  readonly session: Session;
  readonly form: Form;
}

/** Lends connections of a pool, and knows the server behind it. */
export class Checkouts {
  readonly #options: CheckoutOptions;
  readonly #heard = new WeakSet<pg.ClientBase>();
  #facts: Promise<ServerFacts> | undefined;
  #known: ServerFacts | undefined;
  #namesFailed = false;

  constructor(options: CheckoutOptions) {
    this.#options = options;
    // Before the pool's own listener goes: what the server says right behind "ready" arrives in the same bytes, before
    // whoever waits for the connection has it.
    options.pool.on("acquire", (client) => this.#hear(client));
  }

  /** Waits for a free connection as long as the deadline allows. */
  async lease(deadline: Deadline): Promise<Lease> {
    const facts = this.#known ?? (await this.facts(deadline));
    const client = await this.#connect(deadline);
    const { preparedStatements, form, parserOf } = this.#options;
    const names = preparedStatements === "auto" ? facts.keepsNames : preparedStatements;
    return {
      session: new Session(client, { names: names && !this.#namesFailed, parserOf }),
      form: form === "auto" ? (facts.citusVersion === null ? "implicit" : "explicit") : form,
    };
  }

  /** Names were lost twice in a row: whatever stands between does not keep them. */
  stopNames(): void {
    if (this.#options.preparedStatements === "auto") this.#namesFailed = true;
  }

  /**
   * Looks at the server once, for all who call meanwhile: each waits as long as it may, and whoever stops waiting takes
   * the look from no other. A failed look is taken again by the next call.
   */
  async facts(deadline: Deadline): Promise<ServerFacts> {
    deadline.check();
    this.#facts ??= this.#look(new Deadline({}, this.#options.timeoutMs)).catch(
      (error: unknown) => {
        this.#facts = undefined;
        throw error;
      },
    );
    return deadline.wait(this.#facts);
  }

  async #look(deadline: Deadline): Promise<ServerFacts> {
    const client = await this.#connect(deadline);
    const session = new Session(client, { names: true, parserOf: this.#options.parserOf });
    try {
      this.#known = await detect(session, client, deadline);
      return this.#known;
    } finally {
      await session.release();
    }
  }

  /** A connection that breaks while it is lent tells so in its own turn; unheard, the event would end the process. */
  #hear(client: pg.PoolClient): void {
    if (this.#heard.has(client)) return;
    this.#heard.add(client);
    client.on("error", () => {});
  }

  async #connect(deadline: Deadline): Promise<pg.PoolClient> {
    deadline.check();
    const { pool, poolWaitMs, poolQueueMax } = this.#options;
    if (queueOf(pool) >= poolQueueMax) throw crowded();
    try {
      // An idle connection is there at the next tick: nothing to watch over.
      return await (pool.idleCount > 0 && pool.waitingCount === 0
        ? pool.connect()
        : deadline.wait(pool.connect(), {
            tooLate: (late) => late.release(),
            atMost: { ms: poolWaitMs, failure: crowded },
          }));
    } catch (error) {
      throw connectFailure(error);
    }
  }
}

/** Calls for which there is no connection: pg counts those as waiting, too, that get an idle one at the next tick. */
function queueOf({ totalCount, waitingCount, idleCount, options }: pg.Pool): number {
  return totalCount < options.max ? 0 : waitingCount - idleCount;
}

function crowded(): PostgresFailure {
  return new PostgresFailure("unavailable", "every connection is in use", { final: true });
}

function connectFailure(error: unknown): unknown {
  if (error instanceof PostgresFailure) return error;
  if (error instanceof pg.DatabaseError && !isUnavailable(error.code))
    return new PostgresFailure("refused", "PostgreSQL refused the connection", {
      cause: error,
      code: error.code,
    });
  return new PostgresFailure("unavailable", "PostgreSQL cannot be reached", { cause: error });
}
