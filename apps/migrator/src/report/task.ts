import { WriteStream } from "node:tty";
import { DefaultRenderer, Listr, ListrLogger, ProcessOutput } from "listr2";
import type { ListrDefaultRendererLogLevels } from "listr2";

// Standard error is asked for by itself: standard output may go to a file.
class Renderer extends DefaultRenderer {
  static override nonTTY = true;
}

// A stream of its own: the renderer takes the stream that it draws on away from everybody else.
const screen = new WriteStream(2);
// A terminal that is gone ends no work: what ends it is the signal that comes with that.
screen.on("error", () => {});
const logger = new ListrLogger<ListrDefaultRendererLogLevels>({
  useIcons: true,
  processOutput: new ProcessOutput(screen, screen),
});

/** Draws a task that turns and counts seconds since `since`; gives what takes it away again. */
export function drawTask(what: string, since: number): () => Promise<void> {
  const { promise, resolve } = Promise.withResolvers<void>();
  const title = (): string => `${what}  ${((performance.now() - since) / 1_000).toFixed(0)} s`;
  const list = new Listr(
    [
      {
        title: title(),
        task: async (_, task) => {
          const timer = setInterval(() => (task.title = title()), 1_000);
          await promise;
          clearInterval(timer);
        },
      },
    ],
    {
      renderer: Renderer,
      rendererOptions: {
        clearOutput: true,
        formatOutput: "truncate",
        logger,
      },
      // Ctrl-C is a matter of interruption.ts.
      registerSignalListeners: false,
    },
  );
  const drawn = list.run();
  return async () => {
    resolve();
    await drawn;
  };
}
