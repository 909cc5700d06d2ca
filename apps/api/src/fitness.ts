import type { CallOptions, CheckReport, Codex } from "@codex/sdk";
import { CodexError, isCodexError } from "@codex/sdk/errors";
import { setTimeout as sleep } from "node:timers/promises";
import { Refusal } from "./errors.ts";
import { describeError } from "./observe/log.ts";
import type { Logger } from "./observe/log.ts";

const limits = { timeoutMs: 2_000 };
const pauseMs = 250;

/**
 * Whether the database is one to serve from: it answers, its schema is known here, and the logins have the
 * rights that they need and no more. Until that was found once, nothing is asked of it for anybody: with a
 * login that may do too much, row-level security would not be there. Afterwards `/readyz` tells of it.
 */
export class Fitness {
  readonly #codex: Codex;
  readonly #log: Logger;
  #isFit = false;

  constructor(codex: Codex, log: Logger) {
    this.#codex = codex;
    this.#log = log;
  }

  /** Throws Unavailable while the database has not been found fit. */
  require(): void {
    if (!this.#isFit)
      throw new Refusal({
        code: "Unavailable",
        message: "the service is starting",
        retryAfterS: 1,
      });
  }

  /** Throws as `codex.check` does. */
  async check(options: CallOptions): Promise<CheckReport> {
    const report = await this.#codex.check(options);
    this.#isFit = true;
    return report;
  }

  /** Gives whether it is fit; false while it is not reached. Throws one sentence for what no waiting mends. */
  async look(): Promise<boolean> {
    try {
      await this.check(limits);
      return true;
    } catch (error) {
      const sentence = sentenceOf(error);
      if (sentence !== undefined) throw new Error(sentence, { cause: error });
      this.#log.warn({ ...describeError(error), said: saidOf(error) }, "waiting for the database");
      return false;
    }
  }

  /** Done when it is fit, or nobody waits any more. Throws as `look` does. */
  async wait(signal: AbortSignal): Promise<void> {
    while (!signal.aborted && !(await this.look()))
      await sleep(pauseMs, undefined, { signal }).catch(() => {});
  }
}

/** What is wrong with the database or a login; undefined for what passes. */
function sentenceOf(error: unknown): string | undefined {
  if (isCodexError(error, "SchemaMismatch")) return `${error.message}.`;
  const { cause } = error instanceof CodexError ? error : {};
  return cause instanceof Error && isOfLogin(cause)
    ? `The database refuses the login of DATABASE_URL or SERVICE_DATABASE_URL: ${cause.message}.`
    : undefined;
}

function isOfLogin(cause: Error): boolean {
  const { code } = cause as { code?: unknown };
  // No such login, a wrong password, no such database, no right to connect to it.
  if (typeof code === "string") return /^(?:28|3D|42501$)/u.test(code);
  // What pg says by itself: no password is given, there is no TLS.
  return /\bSASL\b|does not support SSL/u.test(cause.message);
}

/** What the driver or the server said of the connection, which names hosts and logins and no password. */
function saidOf(error: unknown): string | undefined {
  const { cause } = error instanceof CodexError ? error : {};
  if (!(cause instanceof Error)) return undefined;
  const { errors } = cause as { errors?: unknown };
  // A name with several addresses: one error for each, and no words of its own.
  const [first] = Array.isArray(errors) ? (errors as unknown[]) : [];
  return cause.message === "" && first instanceof Error ? first.message : cause.message;
}
