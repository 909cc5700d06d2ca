// Some of a lease is left to record what became of what was claimed.
const shareOfLease = 0.8;

/** Aborts when the worker ends, and in good time before a lease does. */
export function withinLease(leaseMs: number, ending: AbortSignal): AbortSignal {
  return AbortSignal.any([ending, AbortSignal.timeout(leaseMs * shareOfLease)]);
}

/** Works on all that was claimed at the same time; gives how much. All of it ends before a failure is told of. */
export async function workOn<T>(
  claimed: readonly T[],
  work: (one: T) => Promise<void>,
): Promise<number> {
  const ends = await Promise.allSettled(claimed.map((one) => work(one)));
  const failure = ends.find((end) => end.status === "rejected");
  if (failure !== undefined) throw failure.reason;
  return claimed.length;
}
