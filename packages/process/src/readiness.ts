import type { CallOptions, CheckReport } from "@codex/sdk";
import { isCodexError } from "@codex/sdk/errors";

/** Whether this process should be given work, and why not. */
export interface Readiness {
  readonly ready: boolean;
  readonly reasons: readonly string[];
}

const freshMs = 1_000;
const checkTimeoutMs = 2_000;

/** What a probe looks at. */
interface Looked {
  /** Refuses a database or a login that is unfit. */
  readonly check: (options: CallOptions) => Promise<CheckReport>;
  /** What else speaks against it now. */
  readonly reasons?: () => readonly string[];
}

/**
 * Ready: the database answers, its schema is one that this build serves, the login has the rights it needs
 * and no more, nothing else speaks against it, and nobody has asked the process to stop.
 */
export class ReadinessProbe {
  readonly #looked: Looked;
  #draining = false;
  #last: { at: number; reasons: Promise<readonly string[]> } | undefined;
  #report: CheckReport | undefined;

  constructor(looked: Looked) {
    this.#looked = looked;
  }

  /** What the last good check found. */
  get report(): CheckReport | undefined {
    return this.#report;
  }

  /** From now on the answer is no. */
  drain(): void {
    this.#draining = true;
  }

  async look(): Promise<Readiness> {
    const now = performance.now();
    // However often it is asked, the database is asked once a second.
    if (this.#last === undefined || now - this.#last.at > freshMs)
      this.#last = { at: now, reasons: this.#check() };
    const reasons = [
      ...(this.#draining ? ["the process is stopping"] : []),
      ...(this.#looked.reasons?.() ?? []),
      ...(await this.#last.reasons),
    ];
    return { ready: reasons.length === 0, reasons };
  }

  async #check(): Promise<readonly string[]> {
    try {
      this.#report = await this.#looked.check({ timeoutMs: checkTimeoutMs });
      return [];
    } catch (error) {
      // The reasons name roles and tables: they are for the operator, at the admin port.
      if (isCodexError(error, "SchemaMismatch")) return error.reasons ?? [error.message];
      return [isCodexError(error) ? error.message : "the database cannot be checked"];
    }
  }
}
