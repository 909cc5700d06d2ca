import net from "node:net";
import type { AddressInfo } from "node:net";

/** What the proxy does with the bytes of a connection. */
export type Fault =
  /** Passes them on. */
  | { readonly kind: "none" }
  /** Takes them and passes nothing on, in both directions. */
  | { readonly kind: "hang" }
  /** Passes the client's bytes on, then resets both ends at the server's n-th answered byte. */
  | { readonly kind: "cut answer"; readonly afterBytes: number }
  /** Adds the bytes to what ends with the server's ReadyForQuery, in one piece, and hangs up on both. */
  | { readonly kind: "last word"; readonly bytes: Buffer }
  /** Resets both ends at the client's next byte, which never reaches the server. */
  | { readonly kind: "cut request" };

/** A TCP proxy in front of a server, with faults and a distance. Disposing of it ends every connection. */
export interface Proxy extends AsyncDisposable {
  readonly port: number;
  /** Applies to connections that are open and to new ones. */
  fault: Fault;
  /** Connections that are open. */
  readonly open: number;
}

// Of an idle session: https://www.postgresql.org/docs/current/protocol-message-formats.html
const readyForQuery = Buffer.from("Z\0\0\0\x05I", "latin1");

/** Starts a proxy on a free port of 127.0.0.1; `delayMs` is added in each direction. */
export async function startProxy(target: {
  port: number;
  host?: string;
  delayMs?: number;
}): Promise<Proxy> {
  const sockets = new Set<net.Socket>();
  const proxy = { fault: { kind: "none" } as Fault };
  const server = net.createServer((client) => {
    const upstream = net.connect(target.port, target.host ?? "127.0.0.1");
    for (const socket of [client, upstream]) {
      socket.setNoDelay(true);
      sockets.add(socket);
      socket.on("error", () => {});
      socket.on("close", () => sockets.delete(socket));
    }
    link(client, upstream, { faultNow: () => proxy.fault, delayMs: target.delayMs ?? 0 });
  });
  await new Promise<void>((done) => server.listen(0, "127.0.0.1", done));
  const { port } = server.address() as AddressInfo;
  return Object.defineProperties(proxy, {
    port: { value: port },
    open: { get: () => sockets.size / 2 },
    [Symbol.asyncDispose]: {
      value: async () => {
        for (const socket of sockets) socket.destroy();
        await new Promise((done) => server.close(done));
      },
    },
  }) as Proxy; // the properties just defined
}

interface LinkOptions {
  readonly faultNow: () => Fault;
  readonly delayMs: number;
}

function link(client: net.Socket, upstream: net.Socket, { faultNow, delayMs }: LinkOptions): void {
  const reset = (): void => {
    client.resetAndDestroy();
    upstream.resetAndDestroy();
  };
  const pass = (to: net.Socket, bytes: Buffer): void => {
    if (delayMs === 0) to.write(bytes);
    else setTimeout(() => to.writable && to.write(bytes), delayMs);
  };
  client.on("data", (bytes) => {
    const fault = faultNow();
    if (fault.kind === "cut request") reset();
    else if (fault.kind !== "hang") pass(upstream, bytes);
  });
  let answered = 0;
  upstream.on("data", (bytes) => {
    const fault = faultNow();
    if (fault.kind === "cut answer") {
      pass(client, bytes.subarray(0, Math.max(0, fault.afterBytes - answered)));
      answered += bytes.length;
      if (answered >= fault.afterBytes) setImmediate(reset);
    } else if (
      fault.kind === "last word" &&
      bytes.subarray(-readyForQuery.length).equals(readyForQuery)
    ) {
      client.end(Buffer.concat([bytes, fault.bytes]));
      upstream.destroy();
    } else if (fault.kind !== "hang") pass(client, bytes);
  });
  client.on("close", () => upstream.destroy());
  upstream.on("close", () => client.destroy());
}
