import net from "node:net";
import type { AddressInfo } from "node:net";

/** A boundary between two statements of the session that works, counted from 1. */
export interface Point {
  /**
   * "before": the server never gets that statement. "during": it gets it, and nobody waits for the answer.
   * "after": it has answered it, and gets no other.
   */
  readonly moment: "before" | "during" | "after";
  readonly statement: number;
}

/** Stands between codex-migrate and its server, and stops at one statement. */
export interface StatementProxy extends AsyncDisposable {
  readonly port: number;
  /** Statements that the session that works has sent since the last `stopAt`. */
  readonly statements: number;
  /** Passes everything on until the point; there it calls `reached` and passes nothing on any more. */
  stopAt(point: Point | undefined, reached: () => void): void;
}

// The session that works is known by the second of the two advisory locks that it takes; that is its
// first statement.
const workKey = Buffer.from("7206140019");
const nothing = (): void => {};

/** Starts the proxy on a free port of 127.0.0.1. */
export async function startStatementProxy(target: { port: number }): Promise<StatementProxy> {
  const state: State = { point: undefined, reached: nothing, sent: 0 };
  const sockets = new Set<net.Socket>();
  const server = net.createServer((client) => {
    const upstream = net.connect(target.port, "127.0.0.1");
    for (const socket of [client, upstream]) {
      socket.setNoDelay(true);
      sockets.add(socket);
      socket.on("error", nothing);
      socket.on("close", () => sockets.delete(socket));
    }
    link(client, upstream, state);
  });
  await new Promise<void>((done) => server.listen(0, "127.0.0.1", done));
  return {
    port: (server.address() as AddressInfo).port, // TCP
    get statements() {
      return state.sent;
    },
    stopAt: (point, reached) => Object.assign(state, { point, reached, sent: 0 }),
    [Symbol.asyncDispose]: async () => {
      for (const socket of sockets) socket.destroy();
      await new Promise((done) => server.close(done));
    },
  };
}

interface State {
  point: Point | undefined;
  reached: () => void;
  sent: number;
}

function link(client: net.Socket, upstream: net.Socket, state: State): void {
  const own = { works: false, stopped: false, answered: 0 };
  const stop = (): void => {
    own.stopped = true;
    state.reached();
  };
  const fromClient = splitter(true);
  client.on("data", (bytes) => {
    for (const message of fromClient(bytes)) {
      if (own.stopped) return;
      const endsStatement = message[0] === 0x51 || message[0] === 0x53; // Query, Sync
      if (own.works && endsStatement) {
        state.sent += 1;
        if (isAt(state, "before", state.sent)) return stop();
        if (state.point !== undefined && state.sent > state.point.statement) return;
      }
      own.works ||= message.includes(workKey);
      upstream.write(message);
      if (endsStatement && own.works && isAt(state, "during", state.sent)) return stop();
    }
  });
  const fromServer = splitter(false);
  upstream.on("data", (bytes) => {
    if (!own.stopped) client.write(bytes);
    for (const message of fromServer(bytes)) {
      if (message[0] !== 0x5a || !own.works) continue; // ReadyForQuery
      own.answered += 1;
      if (isAt(state, "after", own.answered)) stop();
    }
  });
  client.on("close", () => upstream.destroy());
  upstream.on("close", () => client.destroy());
}

function isAt({ point }: State, moment: Point["moment"], statement: number): boolean {
  return point?.moment === moment && point.statement === statement;
}

// Cuts a stream of the protocol into messages: a type and a length, but for the client's first.
function splitter(hasStartup: boolean): (bytes: Buffer) => Buffer[] {
  let rest: Buffer = Buffer.alloc(0);
  let isStartup = hasStartup;
  return (bytes) => {
    rest = rest.length === 0 ? bytes : Buffer.concat([rest, bytes]);
    const messages: Buffer[] = [];
    for (;;) {
      const type = isStartup ? 0 : 1;
      if (rest.length < type + 4) return messages;
      const length = rest.readInt32BE(type) + type;
      if (rest.length < length) return messages;
      messages.push(rest.subarray(0, length));
      rest = rest.subarray(length);
      isStartup = false;
    }
  };
}
