import type { IncomingMessage, Server, ServerResponse } from "node:http";
import type { Socket } from "node:net";

// Younger ones may be about to speak.
const silentMs = 250;

/**
 * For a server that has its listeners. Gives what ends the connections on which nothing is under way: those
 * that wait for the next request, and those that have not said a word, which Node.js takes for busy until their
 * headers time out. From then on the server's own `close`, too, cuts no answer that is still being read.
 */
export function idleConnections(server: Server): () => void {
  const silent = new Map<Socket, number>();
  const answers = new Map<Socket, ServerResponse>();
  const noted = ({ socket }: IncomingMessage, response: ServerResponse): void => {
    silent.delete(socket);
    answers.set(socket, response);
    response.once("close", () => {
      if (answers.get(socket) === response) answers.delete(socket);
    });
  };
  server.on("connection", (socket: Socket) => {
    silent.set(socket, performance.now());
    socket.once("close", () => {
      silent.delete(socket);
      answers.delete(socket);
    });
  });
  // Who listens to an expectation takes it over from Node.js: only where somebody does.
  for (const asked of ["request", "checkContinue", "checkExpectation"])
    if (server.listenerCount(asked) > 0) server.on(asked, noted);
  // Node.js takes an answer that was given for one that has arrived, and would cut what a slow reader has not
  // read of it. Its own `close` asks this too: none ends while there is such a one, the next look ends them.
  const endIdle = server.closeIdleConnections.bind(server);
  server.closeIdleConnections = () => {
    if (![...answers.values()].some(({ writableEnded }) => writableEnded)) endIdle();
  };
  return () => {
    server.closeIdleConnections();
    for (const [socket, since] of silent)
      if (socket.bytesRead === 0 && performance.now() - since > silentMs) socket.destroy();
  };
}
