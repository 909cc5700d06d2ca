import type { Server, ServerResponse } from "node:http";
import type { Socket } from "node:net";

// Longer than nearly every call takes, and no harm to others: who has gone altogether looks the same until written to.
const halfClosedMs = 1_000;

/**
 * Lets a client close its side of the connection after its request and wait for the answer, after which the connection
 * is closed. Node.js can, and hangs up unless told so in a field that its types lack.
 */
export function allowHalfClosed(server: Server): void {
  Object.assign(server, { httpAllowHalfOpen: true });
  // Each call under way listens for the end, however many were sent one behind the other.
  server.on("connection", (socket: Socket) => socket.setMaxListeners(0));
}

/**
 * Aborts when the client leaves before it has its answer, or has closed its side and the answer is not there a moment
 * later: few close theirs and wait, while most have given up.
 */
export function leaving(response: ServerResponse): AbortSignal {
  const controller = new AbortController();
  const { socket } = response.req;
  let timer: NodeJS.Timeout | undefined;
  const halfClosed = (): void => {
    timer = setTimeout(() => controller.abort(), halfClosedMs);
  };
  if (socket.readableEnded) halfClosed();
  else socket.once("end", halfClosed);
  response.once("close", () => {
    clearTimeout(timer);
    socket.off("end", halfClosed);
    if (!response.writableFinished) controller.abort();
  });
  return controller.signal;
}
