import { lookup } from "node:dns";
import type { LookupAddress, LookupAllOptions } from "node:dns";
import { request as plainRequest } from "node:http";
import type { IncomingMessage, RequestOptions } from "node:http";
import { request as secureRequest } from "node:https";
import { isIP } from "node:net";
import type { BlockList, LookupFunction } from "node:net";
import { addressRanges, isPublicAddress, isWithin } from "./addresses.ts";

/** The address that was asked for is not one that may be reached from here. */
export class RefusedAddress extends Error {
  override readonly name = "RefusedAddress";
}

/** An answer is larger than its reader wants. */
export class TooLarge extends Error {
  override readonly name = "TooLarge";
}

/** What is sent. */
export interface OutboundRequest {
  readonly method: "GET" | "POST";
  readonly headers: Readonly<Record<string, string>>;
  readonly body?: string;
  /** Whether plain HTTP is refused, other than to an address that the operator allows. */
  readonly httpsOnly: boolean;
  readonly signal: AbortSignal;
}

/** Addresses that a name leads to, as `lookup` of Node finds them. */
export type Resolve = (
  hostname: string,
  options: LookupAllOptions,
  done: (error: Error | null, found?: LookupAddress[]) => void,
) => void;

/** HTTP to addresses that users give: it reaches the internet and nothing of the network it runs in. */
export class Outbound {
  readonly #allowed: BlockList;
  readonly #resolve: Resolve;
  /** Names that are being looked up, by what is asked. */
  readonly #asked = new Map<string, Promise<LookupAddress[]>>();

  /** `allowAddresses`: ranges inside the network that may be reached, by plain HTTP too. Throws for what is no range. */
  constructor(allowAddresses: readonly string[], resolve: Resolve = lookup) {
    this.#allowed = addressRanges(allowAddresses);
    this.#resolve = resolve;
  }

  /**
   * Sends one request and gives its answer, whose body is still to be read or destroyed. It follows no
   * redirect, and accepts no compression, so that a limit on the body counts what arrives. Rejects with
   * RefusedAddress, with the signal's reason, and with what Node says of connections (`code`).
   */
  async send(url: string, request: OutboundRequest): Promise<IncomingMessage> {
    const target = parseUrl(url);
    const isSecure = target.protocol === "https:";
    const check = (address: string): void => {
      this.#check(address, isSecure || !request.httpsOnly);
    };
    const host = target.hostname.replace(/^\[(.*)\]$/u, "$1");
    // A number is connected to without being looked up.
    if (isIP(host) !== 0) check(host);
    const options: RequestOptions = {
      method: request.method,
      headers: { "accept-encoding": "identity", "user-agent": "Codex", ...request.headers },
      // The very addresses that were checked are connected to: a name cannot lead elsewhere meanwhile.
      lookup: this.#checkedLookup(check),
      agent: false,
      signal: request.signal,
    };
    return new Promise((resolve, reject) => {
      const sending = (isSecure ? secureRequest : plainRequest)(target, options, resolve);
      sending.on("error", (error) => {
        // Node says AbortError whatever the reason, and a time that is over is not somebody who stops.
        reject(request.signal.aborted ? (request.signal.reason as Error) : error);
      });
      sending.end(request.body);
    });
  }

  #checkedLookup(check: (address: string) => void): LookupFunction {
    return (hostname, options, callback) => {
      const answer = (found: readonly LookupAddress[]): void => {
        const failure = failureOf(found, check);
        const [first] = found;
        if (failure !== undefined || first === undefined) callback(failure ?? null, "");
        else if (options.all === true) callback(null, [...found]);
        else callback(null, first.address, first.family);
      };
      this.#find(hostname, { ...options, all: true }).then(answer, (error: Error) => {
        callback(error, "");
      });
    };
  }

  /**
   * Messages to one host that leave together ask for it once: the system looks up few names at a time, and one whose
   * name server is silent would keep those of everybody else waiting.
   */
  #find(hostname: string, options: LookupAllOptions): Promise<LookupAddress[]> {
    const key = JSON.stringify([hostname, options.family, options.hints]);
    const asked = this.#asked.get(key);
    if (asked !== undefined) return asked;
    const finding = new Promise<LookupAddress[]>((found, failed) => {
      this.#resolve(hostname, options, (error, addresses) => {
        if (error === null) found(addresses ?? []);
        else failed(error);
      });
    });
    this.#asked.set(key, finding);
    const forget = (): void => void this.#asked.delete(key);
    finding.then(forget, forget);
    return finding;
  }

  #check(address: string, isPublicEnough: boolean): void {
    if (isWithin(this.#allowed, address)) return;
    if (!isPublicAddress(address))
      throw new RefusedAddress("it leads to an address that is not public");
    if (!isPublicEnough) throw new RefusedAddress("it is not https");
  }
}

/** The body of an answer. Rejects with TooLarge as soon as there is more than `bytesMax`, and reads no further. */
export async function readBody(answer: IncomingMessage, bytesMax: number): Promise<Buffer> {
  const chunks: Buffer[] = [];
  let bytes = 0;
  try {
    for await (const chunk of answer as AsyncIterable<Buffer>) {
      bytes += chunk.length;
      if (bytes > bytesMax) throw new TooLarge(`it is larger than ${bytesMax} bytes`);
      chunks.push(chunk);
    }
  } finally {
    answer.destroy();
  }
  return Buffer.concat(chunks);
}

/** What kept a request from being answered, in words that hold no address. */
export function whyUnanswered(error: unknown): string {
  if (!(error instanceof Error)) return "no answer";
  if (error instanceof RefusedAddress) return `the address is refused: ${error.message}`;
  if (error.name === "TimeoutError") return "no answer in time";
  if (error.name === "AbortError") return "the worker was stopped";
  return "code" in error ? `no answer: ${String(error.code)}` : "no answer";
}

function parseUrl(url: string): URL {
  const target = URL.parse(url);
  if (target === null || !/^https?:$/u.test(target.protocol))
    throw new RefusedAddress("it is no http address");
  if (target.username !== "" || target.password !== "")
    throw new RefusedAddress("it holds a name or a password");
  return target;
}

// All of them: one that leads inward shows what the name is for.
function failureOf(
  found: readonly LookupAddress[],
  check: (address: string) => void,
): Error | undefined {
  try {
    for (const { address } of found) check(address);
    return undefined;
  } catch (error) {
    return error as Error;
  }
}
