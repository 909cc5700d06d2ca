import type { CheckReport, Codex } from "@codex/sdk";
import { isCodexError } from "@codex/sdk/errors";
import type { Hub } from "./realtime/hub.ts";

/** Whether this process should be sent requests, and why not. */
export interface Readiness {
  readonly ready: boolean;
  readonly reasons: readonly string[];
}

const freshMs = 1_000;
const hubLagMaxS = 10;
const checkTimeoutMs = 2_000;

/**
 * Ready: the pool answers, the schema is one that this build serves, the login has the rights it needs and
 * no more, the hub keeps up, and nobody has asked the process to stop.
 */
export class ReadinessProbe {
  readonly #codex: Codex;
  readonly #hub: Hub;
  #draining = false;
  #last: { at: number; reasons: Promise<readonly string[]> } | undefined;
  #report: CheckReport | undefined;

  constructor(codex: Codex, hub: Hub) {
    this.#codex = codex;
    this.#hub = hub;
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
      ...(this.#hub.lagS > hubLagMaxS ? ["the event hub is behind"] : []),
      ...(await this.#last.reasons),
    ];
    return { ready: reasons.length === 0, reasons };
  }

  async #check(): Promise<readonly string[]> {
    try {
      this.#report = await this.#codex.check({ timeoutMs: checkTimeoutMs });
      return [];
    } catch (error) {
      // The reasons name roles and tables: they are for the operator, at the admin port.
      if (isCodexError(error, "SchemaMismatch")) return error.reasons ?? [error.message];
      return [isCodexError(error) ? error.message : "the database cannot be checked"];
    }
  }
}
