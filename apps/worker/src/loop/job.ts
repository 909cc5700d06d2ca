import type { Find } from "./pages.ts";

/** Something that is to be done in one workspace after the other, over and over. */
export interface Job {
  /** In the log, the figures and what `--once` prints. */
  readonly name: string;
  /** Milliseconds from a look that found nothing to the next. */
  readonly everyMs: number;
  /** Workspaces with something to do, in the order of their ids, after one of them; a page. */
  readonly find: Find;
  /**
   * Does a bounded share of it, so that no workspace keeps others waiting for long; gives how much. What
   * waits for others ends early when the signal aborts.
   */
  visit(workspaceId: string, ending: AbortSignal): Promise<number>;
}

/** What is told of a job. */
export interface JobObserver {
  visited(job: string, outcome: { workspaceId: string; done: number; ms: number }): void;
  failed(job: string, error: unknown, workspaceId?: string): void;
  /** It has looked at every workspace. */
  passed(job: string): void;
}
