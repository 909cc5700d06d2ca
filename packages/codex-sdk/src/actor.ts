import type { Statement } from "@codex/postgres";
import { id, parse } from "./input.ts";
import type { Role } from "./workspaces/schemas.ts";
import { hashOf } from "./workspaces/secrets.ts";

/** Who acts in a workspace: a member, whoever holds an API key, or the person of an identity. */
export type Actor =
  | {
      readonly userId: string;
      readonly apiKey?: undefined;
      readonly issuer?: undefined;
      readonly subject?: undefined;
    }
  | {
      readonly apiKey: string;
      readonly userId?: undefined;
      readonly issuer?: undefined;
      readonly subject?: undefined;
    }
  | {
      /** Who vouches for the person: the `iss` of their token. */
      readonly issuer: string;
      /** Who the person is there: the `sub` of their token. */
      readonly subject: string;
      readonly userId?: undefined;
      readonly apiKey?: undefined;
    };

/** What a call asks of whoever makes it. The database refuses the others, in the same round trip. */
export interface Needs {
  /** The member's role, or a higher one. */
  readonly role: Role;
  /** `campaigns:read`, for API keys that have scopes. */
  readonly scope?: string | undefined;
}

/** Who acts, and what is asked of them. */
export type Acting = Actor & { readonly needs?: Needs | undefined };

/** The expression that puts a workspace and whoever acts there into a transaction. Throws InvalidInput. */
export function contextOf(workspaceId: string, acting: Acting): Statement {
  const { sql, parameters } = contextOfActor(workspaceId, acting);
  if (acting.needs === undefined) return { sql, parameters };
  const { role, scope } = acting.needs;
  const at = parameters.length;
  return {
    sql: `${sql}, codex.require_access($${at + 1}, $${at + 2})`,
    parameters: [...parameters, role, scope ?? null],
  };
}

function contextOfActor(workspaceId: string, actor: Actor): Statement {
  if (actor.apiKey !== undefined)
    return {
      sql: "codex.set_context_by_key($1, $2)",
      parameters: [workspaceId, hashOf(actor.apiKey)],
    };
  if (actor.issuer !== undefined)
    return {
      sql: "codex.set_context_by_subject($1, $2, $3)",
      parameters: [workspaceId, actor.issuer, actor.subject],
    };
  return { sql: "codex.set_context($1, $2)", parameters: [workspaceId, parse(id, actor.userId)] };
}

/** Takes those who act out of the options they stand among. */
export function splitActing<Options extends Acting>(
  options: Options,
): { acting: Acting; rest: Omit<Options, keyof Acting> } {
  const { userId, apiKey, issuer, subject, needs, ...rest } = options;
  return { acting: { userId, apiKey, issuer, subject, needs } as Acting, rest };
}
