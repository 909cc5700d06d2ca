import type { Codex } from "@codex/sdk";

const everyMs = 60_000;
const knownMax = 20_000;

/** Writes down when keys are used: at most once a minute for each, and nobody waits for it. */
export class KeyUse {
  readonly #access: Codex["access"];
  readonly #failed: (error: unknown) => void;
  readonly #noted = new Map<string, number>();
  #under = Promise.resolve();

  constructor(access: Codex["access"], failed: (error: unknown) => void) {
    this.#access = access;
    this.#failed = failed;
  }

  note(apiKey: string): void {
    const now = Date.now();
    if (now - (this.#noted.get(apiKey) ?? 0) < everyMs) return;
    if (this.#noted.size >= knownMax) this.#noted.clear();
    this.#noted.set(apiKey, now);
    // One after the other: this must not take the connections that streams need.
    this.#under = this.#under
      .then(() => this.#access.noteKeyUse(apiKey, new Date(now), { timeoutMs: 5_000 }))
      .catch(this.#failed);
  }

  /** Waits for what is under way. */
  async settle(): Promise<void> {
    await this.#under;
  }
}
