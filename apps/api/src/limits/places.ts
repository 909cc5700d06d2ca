import { Refusal } from "../errors.ts";

/** How many may be taken at once, in all and by each. */
export interface PlacesSettings {
  readonly max: number;
  readonly each: number;
  /** What one who has all of theirs is told. */
  readonly message: string;
  /** Seconds after which another try is worth it; 1. */
  readonly retryAfterS?: number;
}

// Names without a place are kept, up to so many: a map that loses and gains one with each request is copied all
// the time, which took 1 kB of memory and a third of the time at the gate.
const idleMax = 1_000;

/** Places that are taken for a while: in all as many as there are, and by each as many as they may. */
export class Places {
  readonly #settings: PlacesSettings;
  readonly #each = new Map<string, number>();
  #taken = 0;

  constructor(settings: PlacesSettings) {
    this.#settings = settings;
  }

  get taken(): number {
    return this.#taken;
  }

  /** Throws Unavailable or RateLimited when there are none. */
  require(name: string, count = 1): void {
    const { max, each, message, retryAfterS = 1 } = this.#settings;
    const before = this.#each.get(name) ?? 0;
    if (before + count > each) throw new Refusal({ code: "RateLimited", message, retryAfterS });
    if (this.#taken + count > max)
      throw new Refusal({ code: "Unavailable", message: "the server is busy", retryAfterS });
  }

  /** Takes places and gives the way to give them back. Throws Unavailable or RateLimited when there are none. */
  take(name: string, count = 1): () => void {
    this.require(name, count);
    this.#add(name, count);
    return () => this.#add(name, -count);
  }

  #add(name: string, count: number): void {
    this.#taken += count;
    const now = (this.#each.get(name) ?? 0) + count;
    if (now === 0 && this.#each.size > idleMax) this.#each.delete(name);
    else this.#each.set(name, now);
  }
}
