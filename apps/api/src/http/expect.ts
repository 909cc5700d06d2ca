import type { IncomingMessage, ServerResponse } from "node:http";
import { Refusal } from "../errors.ts";

const waiting = new WeakMap<IncomingMessage, ServerResponse>();

/**
 * For a client that waits with its body until it is asked for it (`Expect: 100-continue`). One that is refused
 * before may send it all the same, and nobody could tell it from its next request: Node.js ends the connection
 * of whoever is answered without having been asked.
 */
export function holdBody(request: IncomingMessage, response: ServerResponse): void {
  waiting.set(request, response);
}

/** Asks for the body, of whoever waits to be asked. */
export function askForBody(request: IncomingMessage): void {
  waiting.get(request)?.writeContinue();
  waiting.delete(request);
}

/** Throws InvalidInput (417) for what else a client may expect. */
export function requireExpectation({ headers }: IncomingMessage): void {
  const { expect } = headers;
  if (expect !== undefined && expect.toLowerCase() !== "100-continue")
    throw new Refusal({
      code: "InvalidInput",
      status: 417,
      message: "Expect takes 100-continue and nothing else",
    });
}
