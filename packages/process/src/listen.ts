import type { Server } from "node:http";
import type { AddressInfo } from "node:net";

// Clients that come back all at once, after a restart, find room in the kernel's queue.
const backlog = 4_096;

/** Done when the server listens. Throws one sentence for a port that is taken. */
export async function listen(server: Server, port: number, host: string): Promise<void> {
  await new Promise<void>((done, refuse) => {
    server.once("error", (error: NodeJS.ErrnoException) =>
      refuse(
        error.code === "EADDRINUSE"
          ? new Error(`Port ${port} of ${host} is in use by another program; choose another port.`)
          : error,
      ),
    );
    server.listen({ port, host, backlog }, done);
  });
}

/** Where a server listens: `http://127.0.0.1:3000`. */
export function urlOf(server: Server, host: string): string {
  const { port } = server.address() as AddressInfo; // listens on TCP
  return `http://${host.includes(":") ? `[${host}]` : host}:${port}`;
}
