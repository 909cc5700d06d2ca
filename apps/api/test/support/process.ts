import { startProgram } from "@codex/testkit";
import type { ChildProcess } from "node:child_process";
import { createServer } from "node:net";
import type { AddressInfo } from "node:net";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { environmentWith } from "./env.ts";

/** The server as a process of its own, which can be killed and started again on the same port. */
export class ApiProcess implements AsyncDisposable {
  readonly url: string;
  readonly adminUrl: string;
  readonly #environment: Readonly<Record<string, string>>;
  #child: ChildProcess | undefined;
  /** Everything it has said on standard output and error. */
  said = "";

  private constructor(ports: readonly [number, number], environment: Record<string, string>) {
    const [port, adminPort] = ports;
    this.url = `http://127.0.0.1:${port}`;
    this.adminUrl = `http://127.0.0.1:${adminPort}`;
    this.#environment = { ...environment, PORT: String(port), ADMIN_PORT: String(adminPort) };
  }

  static async start(environment: Record<string, string>): Promise<ApiProcess> {
    const server = new ApiProcess([await freePort(), await freePort()], environment);
    await server.start();
    return server;
  }

  get pid(): number {
    return this.#child?.pid ?? 0;
  }

  /** Starts it, and waits until it is ready. */
  async start(): Promise<void> {
    const main = join(import.meta.dirname, "../../src/main.ts");
    const child = startProgram([main], environmentWith(this.#environment));
    this.#child = child;
    for (const stream of [child.stdout, child.stderr])
      stream.on("data", (part) => (this.said += String(part)));
    for (let attempt = 0; attempt < 400; attempt += 1) {
      const answer = await fetch(`${this.url}/readyz`).catch(() => undefined);
      if (answer?.status === 200) return;
      if (child.exitCode !== null) break;
      await sleep(25);
    }
    throw new Error(`the server did not start: ${this.said}`);
  }

  /** Ends it without warning. */
  async kill(): Promise<void> {
    await this.#end("SIGKILL");
  }

  /** Asks it to stop; gives its exit code and how long it took, in milliseconds. */
  async stop(): Promise<{ code: number | null; ms: number }> {
    const start = performance.now();
    const code = await this.#end("SIGTERM");
    return { code, ms: performance.now() - start };
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.kill();
  }

  async #end(signal: NodeJS.Signals): Promise<number | null> {
    const child = this.#child;
    if ((child?.exitCode ?? 0) !== 0) throw new Error(`the server ended by itself: ${this.said}`);
    if (child === undefined || child.exitCode !== null || child.signalCode !== null) return null;
    const ended = new Promise<number | null>((done) => child.once("exit", done));
    child.kill(signal);
    return ended;
  }
}

async function freePort(): Promise<number> {
  const server = createServer();
  await new Promise<void>((done) => server.listen(0, "127.0.0.1", done));
  const { port } = server.address() as AddressInfo;
  await new Promise((done) => server.close(done));
  return port;
}
