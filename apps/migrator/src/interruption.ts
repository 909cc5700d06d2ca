const controller = new AbortController();

/** Aborted when the user or the pipeline asks us to stop; its reason is the name of the signal. */
export const interruption: AbortSignal = controller.signal;

/**
 * From now on the first SIGINT, SIGTERM or SIGHUP ends the open sessions, so that the command fails as it would
 * with a server that goes away: the server rolls back, throw-away databases are dropped, and the result is
 * reported. A second one ends the process at once.
 */
export function listenForSignals(): void {
  for (const signal of ["SIGINT", "SIGTERM", "SIGHUP"] as const) {
    process.once(signal, () => {
      // Before it returns: what shows the cursor again ends the process where nobody else listens.
      process.once(signal, () => process.kill(process.pid, signal));
      controller.abort(signal);
    });
  }
}
