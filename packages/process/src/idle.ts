import type { Server } from "node:http";
import type { Socket } from "node:net";

// Younger ones may be about to speak.
const silentMs = 250;

/**
 * Gives what ends the connections of a server on which nothing is under way: those that wait for the next
 * request, and those that have not said a word, which Node.js takes for busy until their headers time out.
 */
export function idleConnections(server: Server): () => void {
  const silent = new Map<Socket, number>();
  server.on("connection", (socket: Socket) => {
    silent.set(socket, performance.now());
    socket.once("close", () => silent.delete(socket));
  });
  server.on("request", ({ socket }) => silent.delete(socket));
  return () => {
    server.closeIdleConnections();
    for (const [socket, since] of silent)
      if (socket.bytesRead === 0 && performance.now() - since > silentMs) socket.destroy();
  };
}
