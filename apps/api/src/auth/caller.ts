import { CodexError } from "@codex/sdk/errors";
import type {
  Acting,
  Actor,
  Clients,
  Codex,
  Needs,
  People,
  Workspace,
  Workspaces,
} from "@codex/sdk";
import type { Credential } from "./credential.ts";
import type { Persons } from "./persons.ts";

/** Who somebody is to those who issue tokens. */
export interface Identity {
  readonly issuer: string;
  readonly subject: string;
  /** As the token says; empty when it does not. */
  readonly name: string;
  /** Only an address that the issuer has verified. */
  readonly email: string | undefined;
}

interface CallerParts {
  readonly codex: Codex;
  readonly persons: Persons;
  readonly credential: Credential;
  /** `x-codex-workspace`, for tokens, which name none. */
  readonly workspaceId: string | undefined;
  /** Whether calls that read go in one round trip: those of one batch. */
  readonly together: boolean;
  readonly signal: AbortSignal;
  readonly timeoutMs: number;
}

/** Whoever sent a request. The database proves that they may be where they say, in the round trip of each call. */
export class Caller {
  readonly #parts: CallerParts;
  #clients: ((needs?: Needs) => Clients) | undefined;

  constructor(parts: CallerParts) {
    this.#parts = parts;
  }

  /** As a member of their workspace who has what is needed. Throws Unauthenticated, MissingContext. */
  member(needs: Needs): {
    ws: Clients;
    workspaces: Workspaces;
    workspaceId: string;
    acting: Acting;
    workspace: () => Workspace;
  } {
    const { codex, together } = this.#parts;
    const { workspaceId, actor } = this.#place();
    const acting: Acting = { ...actor, needs };
    const workspace = (): Workspace => codex.workspace(workspaceId, acting);
    return {
      ws: together ? this.#gathered(workspaceId, actor)(needs) : workspace(),
      workspaces: codex.workspaces,
      workspaceId,
      acting,
      workspace,
    };
  }

  /** As a person, before any workspace. Throws Unauthenticated, and Forbidden for an API key. */
  person(): {
    identity: Identity;
    people: People;
    workspaces: Workspaces;
    userId: () => Promise<string>;
  } {
    const { codex, credential, persons } = this.#parts;
    if (credential.kind === "none") throw signedOut();
    if (credential.kind === "key")
      throw new CodexError("Forbidden", "this takes a person's token, not an API key");
    const { identity } = credential;
    return {
      identity,
      people: codex.people,
      workspaces: codex.workspaces,
      userId: () => persons.idOf(identity),
    };
  }

  #place(): { workspaceId: string; actor: Actor } {
    const { credential, workspaceId } = this.#parts;
    if (credential.kind === "none") throw signedOut();
    if (credential.kind === "key") {
      if (workspaceId !== undefined && workspaceId !== credential.workspaceId)
        throw new CodexError("Forbidden", "not a member of this workspace, or no such workspace");
      return { workspaceId: credential.workspaceId, actor: { apiKey: credential.apiKey } };
    }
    if (workspaceId === undefined)
      throw new CodexError("MissingContext", "name the workspace in the header x-codex-workspace");
    const { issuer, subject } = credential.identity;
    return { workspaceId, actor: { issuer, subject } };
  }

  #gathered(workspaceId: string, actor: Actor): (needs?: Needs) => Clients {
    const { codex, signal, timeoutMs } = this.#parts;
    this.#clients ??= codex.workspace(workspaceId, actor).together({ signal, timeoutMs });
    return this.#clients;
  }
}

/** Of whoever sent no credential. */
export function signedOut(): CodexError {
  return new CodexError(
    "Unauthenticated",
    "sign in: send Authorization: Bearer and an API key or a token",
  );
}
