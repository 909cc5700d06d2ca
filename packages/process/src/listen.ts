import type { Server } from "node:http";
import type { AddressInfo } from "node:net";

// Clients that come back all at once, after a restart, find room in the kernel's queue.
const backlog = 4_096;

/** Where to listen, and the variables that say so. */
export interface Place {
  readonly port: number;
  readonly host: string;
  readonly names: { readonly port: string; readonly host: string };
}

/** Done when the server listens. Throws one sentence, which names the variable, where it cannot. */
export async function listen(server: Server, { port, host, names }: Place): Promise<void> {
  await new Promise<void>((done, refuse) => {
    server.once("error", (error: NodeJS.ErrnoException) =>
      refuse(sentence(error, { port, host, names })),
    );
    server.listen({ port, host, backlog }, done);
  });
}

function sentence(error: NodeJS.ErrnoException, { port, host, names }: Place): Error {
  switch (error.code) {
    case "EADDRINUSE":
      return new Error(
        `Port ${port} of ${host} is in use by another program; choose another ${names.port}.`,
      );
    case "EACCES":
      return new Error(`${names.port} ${port} is for the administrator of this machine only.`);
    case "EADDRNOTAVAIL":
    case "EAI_AGAIN":
    case "EINVAL":
    case "ENOTFOUND":
      return new Error(`${names.host} is no address of this machine.`);
    default:
      return error;
  }
}

/** Where a server listens: `http://127.0.0.1:3000`. */
export function urlOf(server: Server, host: string): string {
  const { port } = server.address() as AddressInfo; // listens on TCP
  return `http://${host.includes(":") ? `[${host}]` : host}:${port}`;
}
