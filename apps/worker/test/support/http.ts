import { createServer } from "node:http";
import type { IncomingMessage, ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";

/** A request as it arrived. */
export interface Arrived {
  readonly path: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: string;
}

/** A receiver on this host. */
export interface Receiver extends AsyncDisposable {
  readonly url: string;
  readonly port: number;
  /** Every request, in its order. */
  readonly arrived: Arrived[];
  /** Connections, with and without a request. */
  connections(): number;
}

/** Listens on 127.0.0.1 until it is disposed of; answers once the body is there. */
export async function receive(
  answer: (response: ServerResponse, arrived: Arrived) => void = (response) => {
    response.end();
  },
): Promise<Receiver> {
  const arrived: Arrived[] = [];
  let connections = 0;
  const server = createServer((request, response) => {
    void bodyOf(request).then((body) => {
      const headers = request.headers as Record<string, string>;
      const one = { path: request.url ?? "", headers, body };
      arrived.push(one);
      answer(response, one);
    });
  });
  server.on("connection", () => {
    connections += 1;
  });
  await new Promise<void>((listening) => server.listen(0, "127.0.0.1", listening));
  const { port } = server.address() as AddressInfo;
  return {
    url: `http://127.0.0.1:${port}/hook`,
    port,
    arrived,
    connections: () => connections,
    async [Symbol.asyncDispose]() {
      server.closeAllConnections();
      await new Promise((closed) => server.close(closed));
    },
  };
}

async function bodyOf(request: IncomingMessage): Promise<string> {
  const chunks: Buffer[] = [];
  for await (const chunk of request as AsyncIterable<Buffer>) chunks.push(chunk);
  return Buffer.concat(chunks).toString();
}
