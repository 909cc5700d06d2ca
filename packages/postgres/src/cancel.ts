import net from "node:net";
import tls from "node:tls";
import type pg from "pg";
import { serialize } from "pg-protocol";

const cancelMsMax = 5_000;

/** What pg knows of a connection's backend. Behind a pooler both numbers are the pooler's own. */
interface Backend {
  readonly host: string;
  readonly port: number;
  readonly ssl: boolean | tls.ConnectionOptions;
  readonly processID: number | null;
  readonly secretKey: number | null;
}

/**
 * Asks the server, over a connection of its own, to stop what the client's backend is doing: the
 * protocol's CancelRequest. `pg_cancel_backend` would need the real process id, which a pooler hides.
 * Resolves when the request has been taken or could not be delivered, at the latest after 5 s: the
 * statement's own answer tells what became of it.
 */
export async function cancel(client: pg.ClientBase): Promise<void> {
  const backend = client as unknown as Backend;
  if (backend.processID === null || backend.secretKey === null) return;
  const request = serialize.cancel(backend.processID, backend.secretKey);
  const socket = connect(backend);
  const done = new Promise<void>((resolve) => socket.once("close", () => resolve()));
  socket.setTimeout(cancelMsMax, () => socket.destroy());
  socket.on("error", () => socket.destroy());
  socket.once("connect", () => {
    // The other side hangs up when it is done. PgBouncer 1.18 ends itself ("bad client state") when the
    // client hangs up first, seen within 4,000 calls.
    if (backend.ssl === false) socket.write(request);
    else upgrade(socket, backend, request);
  });
  await done;
}

function connect({ host, port }: Backend): net.Socket {
  return host.startsWith("/")
    ? net.connect(`${host}/.s.PGSQL.${port}`)
    : net.connect({ host, port });
}

function upgrade(socket: net.Socket, backend: Backend, request: Buffer): void {
  socket.write(serialize.requestSsl());
  socket.once("data", (answer) => {
    if (answer.toString("latin1") !== "S") {
      socket.destroy();
      return;
    }
    const options = typeof backend.ssl === "object" ? backend.ssl : {};
    const name = net.isIP(backend.host) === 0 ? { servername: backend.host } : {};
    const secure = tls.connect({ ...options, ...name, socket }, () => secure.write(request));
    secure.on("error", () => socket.destroy());
  });
}
