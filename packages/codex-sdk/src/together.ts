import { PostgresFailure, statementsMax } from "@codex/postgres";
import type { Statement, StatementResult } from "@codex/postgres";
import type { Needs } from "./actor.ts";
import type { Query } from "./builder.ts";
import { invalidInput } from "./errors.ts";
import { BaseHandle, made, rowsOf, statementsOf } from "./executor.ts";
import type { ScopeHandle, Surroundings } from "./executor.ts";
import type { Call } from "./handle.ts";
import type { CallOptions, Written } from "./options.ts";

interface Waiting {
  readonly statements: readonly Statement[];
  readonly done: (results: StatementResult[]) => void;
  readonly failed: (error: unknown) => void;
}

/** Gathers the reads of one turn of the event loop and sends them in one round trip, unless they are very many. */
export class Gathering {
  readonly #handle: ScopeHandle;
  readonly #options: CallOptions;
  #waiting: Waiting[] = [];
  #count = 0;

  constructor(handle: ScopeHandle, options: CallOptions) {
    this.#handle = handle;
    this.#options = options;
  }

  run(statements: readonly Statement[]): Promise<StatementResult[]> {
    const { promise, resolve, reject } = Promise.withResolvers<StatementResult[]>();
    if (this.#count + statements.length > statementsMax) void this.#flush();
    if (this.#waiting.length === 0) setImmediate(() => void this.#flush());
    this.#waiting.push({ statements, done: resolve, failed: reject });
    this.#count += statements.length;
    return promise;
  }

  async #flush(): Promise<void> {
    const waiting = this.#waiting;
    this.#waiting = [];
    this.#count = 0;
    if (waiting.length === 0) return;
    try {
      const results = await this.#read(waiting.flatMap(({ statements }) => statements));
      let from = 0;
      for (const { statements, done } of waiting)
        done(results.slice(from, (from += statements.length)));
    } catch (error) {
      const isOnesOwn = error instanceof PostgresFailure && error.kind === "refused";
      if (!isOnesOwn || waiting.length === 1) for (const { failed } of waiting) failed(error);
      // What the database refused is one call's own fault: the others get their answers. One after the
      // other, so that a batch takes one connection whatever happens.
      else
        for (const { statements, done, failed } of waiting)
          await this.#read(statements).then(done, failed);
    }
  }

  #read(statements: readonly Statement[]): Promise<StatementResult[]> {
    return this.#handle.readAll(statements, this.#options);
  }
}

/** Calls that read, together with others. */
export class TogetherHandle extends BaseHandle {
  readonly #gathering: Gathering;
  readonly #needs: Needs | undefined;

  constructor(gathering: Gathering, around: Surroundings, needs: Needs | undefined) {
    super(around);
    this.#gathering = gathering;
    this.#needs = needs;
  }

  read<const Q extends readonly Query[], T>(call: Call<Q, T>): Promise<T> {
    const work = async (): Promise<T> => {
      const access = this.#needs === undefined ? [] : [requireAccess(this.#needs)];
      const results = await this.#gathering.run([...access, ...statementsOf(call.queries)]);
      return call.settle(rowsOf<Q>(results.slice(access.length)), made);
    };
    return this.call(call, work, { readOnly: true });
  }

  async write<const Q extends readonly Query[], T>(call: Call<Q, T>): Promise<Written<T>> {
    throw invalidInput(`${call.operation.name} writes: only reads go together`);
  }
}

function requireAccess({ role, scope }: Needs): Statement {
  return { sql: "select codex.require_access($1, $2)", parameters: [role, scope ?? null] };
}
