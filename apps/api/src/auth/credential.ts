import { workspaceOfKey } from "@codex/sdk";
import { CodexError } from "@codex/sdk/errors";
import { hash } from "node:crypto";
import type { Identity } from "./caller.ts";
import type { Tokens } from "./tokens.ts";

/** What a request came with. A key is proven by the database, a token by its signature. */
export type Credential =
  | { readonly kind: "none" }
  | {
      readonly kind: "key";
      readonly apiKey: string;
      readonly workspaceId: string;
      /** Names the credential in limits and logs; tells nothing of it. */
      readonly name: string;
    }
  | { readonly kind: "token"; readonly identity: Identity; readonly name: string };

/** Reads `Authorization`. Throws Unauthenticated for what is neither a key nor a good token. */
export async function readCredential(
  header: string | undefined,
  tokens: Tokens | undefined,
): Promise<Credential> {
  if (header === undefined) return { kind: "none" };
  const [, secret] = /^Bearer ([\w.~+/=-]{1,8000})$/iu.exec(header) ?? [];
  if (secret === undefined)
    throw new CodexError("Unauthenticated", "Authorization takes Bearer and an API key or a token");
  if (secret.startsWith("cdx_")) {
    const workspaceId = workspaceOfKey(secret);
    return { kind: "key", apiKey: secret, workspaceId, name: nameOf(secret) };
  }
  if (tokens === undefined)
    throw new CodexError("Unauthenticated", "this server takes API keys only");
  const identity = await tokens.verify(secret);
  return { kind: "token", identity, name: nameOf(`${identity.issuer} ${identity.subject}`) };
}

function nameOf(secret: string): string {
  return hash("sha256", secret, "base64url").slice(0, 16);
}
