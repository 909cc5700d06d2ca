import { Refusal } from "../errors.ts";
import { Places } from "./places.ts";

/** How much may be under way. */
export interface GateSettings {
  readonly inFlightMax: number;
  readonly inFlightPerKey: number;
  readonly inFlightPerWorkspace: number;
  readonly inFlightPerAddress: number;
  /** Milliseconds that the event loop may run late. */
  readonly loopLagMaxMs: number;
}

/** Who passes, with how much. */
export interface Passing {
  readonly address: string;
  /** Name of the credential; undefined while it is not proven. */
  readonly key: string | undefined;
  /** The workspace of a credential that is proven there. */
  readonly workspaceId: string | undefined;
  /** Calls of the batch. */
  readonly calls: number;
}

const sampleMs = 50;
const tooMany = "too many requests at once";

/** Lets calls in as long as there is room, and turns the others away at once instead of letting them wait. */
export class Gate {
  readonly #loopLagMaxMs: number;
  readonly #all: Places;
  readonly #addresses: Places;
  readonly #keys: Places;
  readonly #workspaces: Places;
  readonly #bodies: Places;
  readonly #timer: NodeJS.Timeout;
  #lagMs = 0;

  constructor(settings: GateSettings) {
    const { inFlightMax: max, inFlightPerAddress } = settings;
    const places = (each: number, message = tooMany): Places => new Places({ max, each, message });
    this.#loopLagMaxMs = settings.loopLagMaxMs;
    this.#all = places(max);
    this.#addresses = places(inFlightPerAddress);
    this.#keys = places(settings.inFlightPerKey, "too many requests of this key at once");
    this.#workspaces = places(
      settings.inFlightPerWorkspace,
      "too many requests of this workspace at once",
    );
    // A body that comes slowly takes memory, and no place of those who are ready.
    this.#bodies = new Places({ max: 10 * max, each: inFlightPerAddress, message: tooMany });
    let expected = performance.now() + sampleMs;
    this.#timer = setInterval(() => {
      const now = performance.now();
      this.#lagMs = Math.max(0, now - expected);
      expected = now + sampleMs;
    }, sampleMs);
    this.#timer.unref();
  }

  /** Calls under way. */
  get inFlight(): number {
    return this.#all.taken;
  }

  /** Reads a body, at most so many at once of one address. */
  async read<T>(address: string, work: () => Promise<T>): Promise<T> {
    const leave = this.#bodies.take(address);
    try {
      return await work();
    } finally {
      leave();
    }
  }

  /** Runs the work. Throws Unavailable when there is no room at all, RateLimited when there is none for them. */
  async pass<T>({ address, key, workspaceId, calls }: Passing, work: () => Promise<T>): Promise<T> {
    if (this.#lagMs > this.#loopLagMaxMs)
      throw new Refusal({ code: "Unavailable", message: "the server is busy", retryAfterS: 1 });
    const taken: (() => void)[] = [];
    try {
      taken.push(this.#addresses.take(address, calls));
      if (key !== undefined) taken.push(this.#keys.take(key, calls));
      if (workspaceId !== undefined) taken.push(this.#workspaces.take(workspaceId, calls));
      taken.push(this.#all.take("", calls));
      return await work();
    } finally {
      for (const leave of taken) leave();
    }
  }

  close(): void {
    clearInterval(this.#timer);
  }
}
