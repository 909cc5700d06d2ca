/** What is going on, at the foot of a terminal. */
export interface Progress {
  readonly show: (what: string) => void;
  /** Writes lines above it. */
  readonly above: (write: () => void) => void;
  /** Takes it away; what was written above it is out. */
  readonly end: () => Promise<void>;
}

/** On a terminal a task that turns and counts seconds; elsewhere, and where it `draws` not, nothing. */
export function createProgress(draws: boolean): Progress {
  if (!draws || !process.stderr.isTTY) {
    return { show: () => {}, above: (write) => write(), end: nothing };
  }
  let current: { what: string; since: number } | undefined;
  let erase = nothing;
  let queue = Promise.resolve();
  // One after the other, as drawing takes turns with writing.
  const enqueue = (write: () => void): Promise<void> =>
    (queue = queue.then(async () => {
      await erase();
      write();
      erase = await draw(current);
    }));
  return {
    show: (what) => {
      current = { what, since: performance.now() };
      void enqueue(() => {});
    },
    above: (write) => void enqueue(write),
    end: () => {
      current = undefined;
      return enqueue(() => {});
    },
  };
}

async function nothing(): Promise<void> {}

async function draw(
  task: { what: string; since: number } | undefined,
): Promise<() => Promise<void>> {
  if (task === undefined) return nothing;
  try {
    // Loaded where it is needed: 8 MB that no pipeline pays.
    const { drawTask } = await import("./task.ts");
    return drawTask(task.what, task.since);
  } catch {
    // The terminal went away before the first step: the signal for that is on its way.
    return nothing;
  }
}
