import { Refusal } from "../errors.ts";

/** How much may be under way. */
export interface GateSettings {
  readonly inFlightMax: number;
  readonly inFlightPerWorkspace: number;
  /** Milliseconds that the event loop may run late. */
  readonly loopLagMaxMs: number;
}

const sampleMs = 50;

/** Lets requests in as long as there is room, and turns the others away at once instead of letting them wait. */
export class Gate {
  readonly #settings: GateSettings;
  readonly #perWorkspace = new Map<string, number>();
  readonly #timer: NodeJS.Timeout;
  #inFlight = 0;
  #lagMs = 0;

  constructor(settings: GateSettings) {
    this.#settings = settings;
    let expected = performance.now() + sampleMs;
    this.#timer = setInterval(() => {
      const now = performance.now();
      this.#lagMs = Math.max(0, now - expected);
      expected = now + sampleMs;
    }, sampleMs);
    this.#timer.unref();
  }

  get inFlight(): number {
    return this.#inFlight;
  }

  /** Runs the work, or throws Unavailable when there is no room for it. */
  async pass<T>(workspaceId: string | undefined, work: () => Promise<T>): Promise<T> {
    const { inFlightMax, inFlightPerWorkspace, loopLagMaxMs } = this.#settings;
    const ofWorkspace = this.#perWorkspace.get(workspaceId ?? "") ?? 0;
    if (this.#inFlight >= inFlightMax || this.#lagMs > loopLagMaxMs)
      throw new Refusal({ code: "Unavailable", message: "the server is busy", retryAfterS: 1 });
    if (workspaceId !== undefined && ofWorkspace >= inFlightPerWorkspace)
      throw new Refusal({
        code: "RateLimited",
        message: "too many requests of this workspace at once",
        retryAfterS: 1,
      });
    this.#count(workspaceId, 1);
    try {
      return await work();
    } finally {
      this.#count(workspaceId, -1);
    }
  }

  close(): void {
    clearInterval(this.#timer);
  }

  #count(workspaceId: string | undefined, by: 1 | -1): void {
    this.#inFlight += by;
    if (workspaceId === undefined) return;
    const count = (this.#perWorkspace.get(workspaceId) ?? 0) + by;
    if (count === 0) this.#perWorkspace.delete(workspaceId);
    else this.#perWorkspace.set(workspaceId, count);
  }
}
