/** One line at the foot of a terminal that tells what is going on. */
export interface Progress {
  readonly show: (what: string) => void;
  /** Writes other lines above it. */
  readonly above: (write: () => void) => void;
  readonly end: () => void;
}

const frames = ["⠋", "⠙", "⠹", "⠸", "⠼", "⠴", "⠦", "⠧", "⠇", "⠏"];
const frameMs = 100;
const eraseLine = "\r\u001B[2K";

/** On a terminal a line that turns and counts seconds; elsewhere, and with `quiet`, nothing. */
export function createProgress(quiet: boolean): Progress {
  const screen = process.stderr;
  if (quiet || !screen.isTTY) return { show: () => {}, above: (write) => write(), end: () => {} };
  let current: { what: string; since: number } | undefined;
  let timer: NodeJS.Timeout | undefined;
  const draw = (): void => {
    if (current === undefined) return;
    const seconds = (performance.now() - current.since) / 1_000;
    const frame = frames[Math.floor((seconds * 1_000) / frameMs) % frames.length] ?? "";
    const line = `${frame} ${current.what}  ${seconds.toFixed(0)} s`;
    screen.write(`${eraseLine}${line.slice(0, screen.columns - 1)}`);
  };
  const erase = (): void => void screen.write(eraseLine);
  return {
    show: (what) => {
      current = { what, since: performance.now() };
      // It must not keep the process from ending.
      timer ??= setInterval(draw, frameMs).unref();
      draw();
    },
    above: (write) => {
      erase();
      write();
      draw();
    },
    end: () => {
      clearInterval(timer);
      if (current !== undefined) erase();
      current = undefined;
    },
  };
}
