import type { Codex } from "@codex/sdk";
import { CodexError } from "@codex/sdk/errors";
import { id } from "@codex/sdk/schemas";
import type { IncomingMessage, ServerResponse } from "node:http";
import { Caller, signedOut } from "./auth/caller.ts";
import { readCredential } from "./auth/credential.ts";
import type { Credential } from "./auth/credential.ts";
import type { KeyUse } from "./auth/key-use.ts";
import type { Persons } from "./auth/persons.ts";
import type { Tokens } from "./auth/tokens.ts";
import type { Context } from "./context.ts";
import type { Fitness } from "./fitness.ts";
import { addressOf } from "./http/address.ts";
import { showQuota } from "./http/answer.ts";
import { requireExpectation } from "./http/expect.ts";
import { leaving } from "./http/leaving.ts";
import type { Gate } from "./limits/gate.ts";
import type { Limiter } from "./limits/limiter.ts";
import type { CallObserver } from "./observe/call.ts";
import { isOfMembers } from "./procedures.ts";

interface AdmissionParts {
  readonly codex: Codex;
  readonly fitness: Fitness;
  readonly persons: Persons;
  readonly tokens: Tokens | undefined;
  readonly keyUse: KeyUse;
  readonly limiter: Limiter;
  readonly gate: Gate;
  readonly observer: CallObserver;
  readonly trustedProxies: number;
  readonly timeoutMs: number;
}

/** A request, before anything is done for it. */
export interface Arrival {
  readonly request: IncomingMessage;
  readonly response: ServerResponse;
  readonly requestId: string;
}

/** What a request asks for. */
export interface Load<Body> {
  /** Points. */
  readonly cost: number;
  /** Points beyond these, where only the body names the procedure. */
  readonly more?: (body: Body) => number;
  readonly calls: number;
  /** Whether its calls are read in one round trip. */
  readonly together: boolean;
  /** Reads the body; whoever sends it slowly is waited for outside the gate. */
  readonly read: () => Promise<Body>;
}

const keyLengthMax = 200;

/** Lets requests in: who is it, may they ask now, is there room. */
export class Admission {
  readonly #parts: AdmissionParts;

  constructor(parts: AdmissionParts) {
    this.#parts = parts;
  }

  /**
   * Looks at what a request is for, before anything is asked about whoever sent it. What is refused here is
   * charged to the address. Throws what the look throws, or RateLimited.
   */
  async look<T>({ request }: Arrival, read: () => T): Promise<T> {
    try {
      requireExpectation(request);
      return read();
    } catch (error) {
      const address = this.addressOf(request);
      await this.#parts.limiter.arrive(address, 1);
      await this.#chargeStranger(address, 1);
      throw error;
    }
  }

  /**
   * Runs the work with what its procedures are given. Throws Unauthenticated, RateLimited, Unavailable,
   * InvalidInput.
   */
  async admit<T, Body>(
    { request, response, requestId }: Arrival,
    load: Load<Body>,
    work: (context: Context, body: Body) => Promise<T>,
  ): Promise<T> {
    const { fitness, limiter, gate } = this.#parts;
    const { cost, calls } = load;
    const address = this.addressOf(request);
    await limiter.arrive(address, cost);
    fitness.require();
    const credential = await this.#credentialOf(request, { address, cost });
    const workspaceId = workspaceOf(request, credential);
    const asked = { address, credential, workspaceId };
    const quota = await limiter.charge({ ...asked, cost });
    if (quota !== undefined) showQuota(response, quota);
    if (credential.kind === "none") throw signedOut();
    const idempotencyKey = idempotencyKeyOf(request);
    const body = await gate.read(address, load.read);
    const more = load.more?.(body) ?? 0;
    if (more > 0) {
      await limiter.arrive(address, more);
      const left = await limiter.charge({ ...asked, cost: more });
      if (left !== undefined) showQuota(response, left);
    }
    const isMember = limiter.isProven(credential, workspaceId);
    const passing = {
      address,
      calls,
      // A stranger who makes up keys of a workspace must not take its places.
      key: isMember || credential.kind === "token" ? credential.name : undefined,
      workspaceId: isMember ? workspaceId : undefined,
    };
    return gate.pass(passing, () => {
      const { codex, persons, timeoutMs } = this.#parts;
      const signal = leaving(response);
      const { together } = load;
      const of = { codex, persons, credential, workspaceId, together, signal, timeoutMs };
      const observer = this.#observerOf(credential, workspaceId);
      const caller = new Caller(of);
      return work({ caller, requestId, observer, signal, timeoutMs, idempotencyKey }, body);
    });
  }

  /**
   * Runs the work for whoever shows a ticket instead of a credential. A good one is charged to its workspace;
   * a bad one to the address, as a stranger's.
   */
  async admitTicket<T extends { readonly workspaceId: string }>(
    { request }: Arrival,
    cost: number,
    take: () => Promise<T>,
  ): Promise<T> {
    const { fitness, limiter, gate } = this.#parts;
    const address = this.addressOf(request);
    await limiter.arrive(address, cost);
    fitness.require();
    if (!(await limiter.hasRoom(address))) await this.#chargeStranger(address, cost);
    const passing = { address, calls: 1, key: undefined, workspaceId: undefined };
    const holder = await gate.pass(passing, take).catch(async (error: unknown) => {
      await this.#chargeStranger(address, cost);
      throw error;
    });
    await limiter.chargeWorkspace(holder.workspaceId, cost);
    return holder;
  }

  /** Writes down and counts a request that was refused. */
  refused(error: unknown, requestId: string): void {
    this.#parts.observer.refused(error, requestId);
  }

  /** Where a request comes from, as limits count it. */
  addressOf(request: IncomingMessage): string {
    return addressOf(request, this.#parts.trustedProxies);
  }

  /** What is refused here is charged to the address. */
  async #credentialOf(
    { headers }: IncomingMessage,
    { address, cost }: { address: string; cost: number },
  ): Promise<Credential> {
    try {
      return await readCredential(headers.authorization, this.#parts.tokens);
    } catch (error) {
      await this.#chargeStranger(address, cost);
      throw error;
    }
  }

  async #chargeStranger(address: string, cost: number): Promise<void> {
    const credential = { kind: "none" } as const;
    await this.#parts.limiter.charge({ address, credential, workspaceId: undefined, cost });
  }

  /** A call of a member that went well proves the credential, in that workspace. */
  #observerOf(credential: Credential, workspaceId: string | undefined): CallObserver {
    const { observer, limiter, keyUse } = this.#parts;
    if (credential.kind === "none") return observer;
    return {
      trace: (path, call) => observer.trace(path, call),
      refused: (error, requestId) => observer.refused(error, requestId),
      ended: (outcome, error) => {
        if (outcome.code === "ok" && isOfMembers(outcome.path)) {
          limiter.prove(credential, workspaceId);
          if (credential.kind === "key") keyUse.note(credential.apiKey);
        }
        observer.ended({ ...outcome, credential: credential.name, workspaceId }, error);
      },
    };
  }
}

function workspaceOf({ headers }: IncomingMessage, credential: Credential): string | undefined {
  const named = headers["x-codex-workspace"];
  if (named === undefined || named === "")
    return credential.kind === "key" ? credential.workspaceId : undefined;
  const parsed = id.safeParse(named);
  if (!parsed.success)
    throw new CodexError("InvalidInput", "x-codex-workspace takes the id of a workspace");
  return parsed.data.toLowerCase();
}

function idempotencyKeyOf(request: IncomingMessage): string | undefined {
  const key = request.headers["idempotency-key"];
  if (key === undefined) return undefined;
  // Node makes one text of several lines, which would be a key that nobody has sent.
  const lines = request.headersDistinct["idempotency-key"]?.length ?? 0;
  if (lines > 1)
    throw new CodexError(
      "InvalidInput",
      `Idempotency-Key is sent once and not ${lines} times: one call has one key`,
    );
  // An empty one too: whoever sends it believes that the call is done once.
  if (typeof key !== "string" || key === "" || key.length > keyLengthMax)
    throw new CodexError(
      "InvalidInput",
      `Idempotency-Key takes one key of 1 to ${keyLengthMax} characters`,
    );
  return key;
}
