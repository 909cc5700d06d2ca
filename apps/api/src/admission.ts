import type { Codex } from "@codex/sdk";
import { CodexError } from "@codex/sdk/errors";
import { id } from "@codex/sdk/schemas";
import type { IncomingMessage, ServerResponse } from "node:http";
import { Caller } from "./auth/caller.ts";
import { readCredential } from "./auth/credential.ts";
import type { Credential } from "./auth/credential.ts";
import type { KeyUse } from "./auth/key-use.ts";
import type { Persons } from "./auth/persons.ts";
import type { Tokens } from "./auth/tokens.ts";
import type { Context } from "./context.ts";
import { addressOf } from "./http/address.ts";
import { showQuota } from "./http/answer.ts";
import type { Gate } from "./limits/gate.ts";
import type { Limiter } from "./limits/limiter.ts";
import type { CallObserver } from "./observe/call.ts";

interface AdmissionParts {
  readonly codex: Codex;
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

/** What the calls of a request count, and whether they are read together. */
export interface Load {
  readonly cost: number;
  readonly together: boolean;
}

const keyLengthMax = 200;

/** Lets requests in: who is it, may they ask now, is there room. */
export class Admission {
  readonly #parts: AdmissionParts;

  constructor(parts: AdmissionParts) {
    this.#parts = parts;
  }

  /**
   * Runs the work with what its procedures are given. Throws Unauthenticated, RateLimited, Unavailable,
   * InvalidInput.
   */
  async admit<T>(
    { request, response, requestId }: Arrival,
    { cost, together }: Load,
    work: (context: Context) => Promise<T>,
  ): Promise<T> {
    const { limiter, gate, trustedProxies, tokens, timeoutMs } = this.#parts;
    const address = addressOf(request, trustedProxies);
    const { credential, refused } = await this.#read(request.headers.authorization, tokens);
    const workspaceId = workspaceOf(request, credential);
    const quota = await limiter.charge({ address, credential, workspaceId, cost });
    if (quota !== undefined) showQuota(response, quota);
    if (refused !== undefined) throw refused;
    const isProven = limiter.isProven(credential, workspaceId);
    // A stranger who makes up keys of a workspace must not take its places.
    return gate.pass(isProven ? workspaceId : undefined, () => {
      const { codex, persons } = this.#parts;
      const signal = leaving(response);
      const caller = new Caller({
        codex,
        persons,
        credential,
        workspaceId,
        together,
        signal,
        timeoutMs,
      });
      const idempotencyKey = idempotencyKeyOf(request);
      const observer = this.#observerOf(credential, workspaceId);
      return work({ caller, requestId, observer, signal, timeoutMs, idempotencyKey });
    });
  }

  /** What was refused is charged all the same, and to the address. */
  async #read(
    header: string | undefined,
    tokens: Tokens | undefined,
  ): Promise<{ credential: Credential; refused?: unknown }> {
    try {
      return { credential: await readCredential(header, tokens) };
    } catch (refused) {
      return { credential: { kind: "none" }, refused };
    }
  }

  /** A call that went well proves the credential. */
  #observerOf(credential: Credential, workspaceId: string | undefined): CallObserver {
    const { observer, limiter, keyUse } = this.#parts;
    if (credential.kind === "none") return observer;
    return {
      trace: (path, call) => observer.trace(path, call),
      ended: (outcome, error) => {
        if (outcome.code === "ok") {
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

function idempotencyKeyOf({ headers }: IncomingMessage): string | undefined {
  const key = headers["idempotency-key"];
  if (key === undefined || key === "") return undefined;
  if (typeof key !== "string" || key.length > keyLengthMax)
    throw new CodexError(
      "InvalidInput",
      `Idempotency-Key takes one key of 1 to ${keyLengthMax} characters`,
    );
  return key;
}

/** Aborts when the client leaves before it has its answer. */
function leaving(response: ServerResponse): AbortSignal {
  const controller = new AbortController();
  response.once("close", () => {
    if (!response.writableFinished) controller.abort();
  });
  return controller.signal;
}
