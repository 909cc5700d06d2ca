import { isCodexError } from "@codex/sdk";
import { backoffMs, pause, spreadMs } from "./backoff.ts";
import type { Job, JobObserver } from "./job.ts";
import { pagesOf } from "./pages.ts";

/** What was done until nothing was left. */
export interface Done {
  readonly done: number;
  readonly failed: number;
}

/** Does one job wherever there is something to do, in a few workspaces at once. */
export class JobLoop {
  readonly #job: Job;
  readonly #observer: JobObserver;
  readonly #atOnce: number;
  readonly #ending: AbortSignal;
  readonly #visits = new Map<string, Promise<void>>();
  readonly #total = { done: 0, failed: 0, unavailable: 0 };
  /** Ends the pause when a visit found something: there may be more. */
  #wake = new AbortController();

  /** `ending`: what is under way gives up. */
  constructor(
    job: Job,
    { observer, atOnce, ending }: { observer: JobObserver; atOnce: number; ending: AbortSignal },
  ) {
    this.#job = job;
    this.#observer = observer;
    this.#atOnce = atOnce;
    this.#ending = ending;
  }

  /** Works until the signal aborts, and then until what is under way is done. Does not throw. */
  async run(stopping: AbortSignal): Promise<void> {
    let failures = 0;
    while (!stopping.aborted) {
      const { done, unavailable } = this.#total;
      this.#wake = new AbortController();
      const isWhole = await this.#pass(stopping);
      failures = isWhole && this.#total.unavailable === unavailable ? 0 : failures + 1;
      if (failures > 0) await pause(backoffMs(failures), stopping);
      else if (this.#total.done === done) {
        const woken = AbortSignal.any([stopping, this.#wake.signal]);
        await pause(spreadMs(this.#job.everyMs), woken);
      }
    }
    await this.#settled();
  }

  /** Does what there is, until a look at every workspace finds nothing more. Does not throw. */
  async untilDone(stopping: AbortSignal): Promise<Done> {
    for (;;) {
      const { done: before } = this.#total;
      const isWhole = await this.#pass(stopping);
      await this.#settled();
      const { done, failed } = this.#total;
      if (!isWhole) return { done, failed: failed + 1 };
      if (done === before) return { done, failed };
    }
  }

  /** Whether every workspace with something to do was found. */
  async #pass(stopping: AbortSignal): Promise<boolean> {
    try {
      for await (const workspaceId of this.#workspaces()) {
        while (this.#visits.size >= this.#atOnce) await Promise.race(this.#visits.values());
        if (stopping.aborted) return true;
        // One that takes long keeps a place, and its workspace is left alone meanwhile.
        if (!this.#visits.has(workspaceId)) this.#start(workspaceId);
      }
      this.#observer.passed(this.#job.name);
      return true;
    } catch (error) {
      this.#observer.failed(this.#job.name, error);
      return false;
    }
  }

  async *#workspaces(): AsyncGenerator<string> {
    const { find } = this.#job;
    // Workers that look at the same time begin with different ones.
    for await (const page of pagesOf(find)) yield* shuffled(page);
  }

  #start(workspaceId: string): void {
    const visit = this.#visit(workspaceId).finally(() => this.#visits.delete(workspaceId));
    this.#visits.set(workspaceId, visit);
  }

  async #visit(workspaceId: string): Promise<void> {
    const start = performance.now();
    try {
      const done = await this.#job.visit(workspaceId, this.#ending);
      this.#total.done += done;
      const ms = performance.now() - start;
      this.#observer.visited(this.#job.name, { workspaceId, done, ms });
      if (done > 0) this.#wake.abort();
    } catch (error) {
      this.#total.failed += 1;
      if (isAway(error)) this.#total.unavailable += 1;
      this.#observer.failed(this.#job.name, error, workspaceId);
    }
  }

  async #settled(): Promise<void> {
    await Promise.all(this.#visits.values());
  }
}

/** Whether it is the database that does not answer, and not this call that fails. */
export function isAway(error: unknown): boolean {
  return isCodexError(error, "Unavailable") || isCodexError(error, "OutcomeUnknown");
}

function shuffled(ids: readonly string[]): readonly string[] {
  return ids
    .map((id) => ({ id, place: Math.random() }))
    .toSorted((one, other) => one.place - other.place)
    .map(({ id }) => id);
}
