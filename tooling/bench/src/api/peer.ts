import type { Server } from "node:http";
import type { AddressInfo } from "node:net";

/** Settings that the bench has started this program with, as `startProgram` wrote them. */
export const settings: unknown = JSON.parse(process.argv[2] ?? "{}");

/** Listens on a free port of this machine and tells it to the bench when asked. */
export function tellPort(server: Server): void {
  const listening = new Promise<number>((done) => {
    server.listen(0, "127.0.0.1", () => done((server.address() as AddressInfo).port)); // TCP
  });
  // Ends with the bench, however that ends.
  process.on("disconnect", () => process.exit());
  process.on("message", (message) => {
    if (message === "port") void listening.then((port) => process.send?.(port));
  });
}
