import { CodexError } from "@codex/sdk/errors";
import { ensurePersonInput } from "@codex/sdk/schemas";
import { createLocalJWKSet, createRemoteJWKSet, jwtVerify } from "jose";
import type { JSONWebKeySet, JWTPayload, JWTVerifyGetKey } from "jose";
import { hash } from "node:crypto";
import { readFile } from "node:fs/promises";
import type { Identity } from "./caller.ts";

/** What tokens are taken: signed by one of these keys, by this issuer, for this audience. */
export interface TokenSettings {
  readonly issuer: string;
  readonly audience: string;
  /** Address (https:// or http://) or file of the keys. */
  readonly jwks: string;
  readonly algorithms: readonly string[];
}

/** Checks tokens. */
export interface Tokens {
  /** Who the token vouches for. Throws Unauthenticated, Unavailable when the keys cannot be fetched. */
  verify(token: string): Promise<Identity>;
}

const verifiedMax = 5_000;
const clockToleranceS = 5;
const ofKeys: ReadonlySet<string> = new Set([
  "ERR_JWKS_TIMEOUT",
  "ERR_JOSE_GENERIC",
  "ERR_JWKS_INVALID",
]);

/**
 * Tokens by jose: signature, algorithm, issuer, audience, `exp`, `nbf` and a subject, all required. One
 * that was good is not checked again before it expires: a signature costs as much as a call.
 */
export async function openTokens(settings: TokenSettings): Promise<Tokens> {
  const { issuer, audience, algorithms } = settings;
  const key = await keysOf(settings.jwks);
  const verified = new Map<string, { identity: Identity; until: number }>();
  return {
    verify: async (token) => {
      const name = hash("sha256", token, "base64url");
      const known = verified.get(name);
      if (known !== undefined && known.until > Date.now()) return known.identity;
      const payload = await check(token, key, {
        issuer,
        audience,
        algorithms: [...algorithms],
        requiredClaims: ["exp", "sub"],
        clockTolerance: clockToleranceS,
      });
      const identity = identityOf(payload, issuer);
      if (verified.size >= verifiedMax) verified.clear();
      verified.set(name, { identity, until: (payload.exp ?? 0) * 1_000 });
      return identity;
    },
  };
}

async function keysOf(jwks: string): Promise<JWTVerifyGetKey> {
  if (/^https?:\/\//u.test(jwks)) {
    const url = URL.parse(jwks);
    if (url === null)
      throw new Error("JWT_JWKS is no address such as https://example.com/keys.json.");
    return createRemoteJWKSet(url);
  }
  const text = await readFile(jwks, "utf8").catch((cause: unknown) => {
    throw new Error("JWT_JWKS names a file that cannot be read.", { cause });
  });
  try {
    return createLocalJWKSet(JSON.parse(text) as JSONWebKeySet);
  } catch (cause) {
    throw new Error("JWT_JWKS names a file that holds no JSON Web Key Set.", { cause });
  }
}

async function check(
  token: string,
  key: JWTVerifyGetKey,
  options: Parameters<typeof jwtVerify>[2],
): Promise<JWTPayload> {
  try {
    const { payload } = await jwtVerify(token, key, options);
    return payload;
  } catch (cause) {
    const { code } = cause as { code?: string };
    // jose's own failures are about the token, but for those about the keys; anything else is about fetching these.
    if (code === undefined || ofKeys.has(code))
      throw new CodexError("Unavailable", "tokens cannot be checked at the moment", { cause });
    throw new CodexError("Unauthenticated", "this token is not valid", { cause });
  }
}

function identityOf(payload: JWTPayload, issuer: string): Identity {
  const { sub, name, email, email_verified: isVerified } = payload;
  const { subject, name: names, email: emails } = ensurePersonInput.shape;
  const known = subject.safeParse(sub);
  if (!known.success) throw new CodexError("Unauthenticated", "this token is not valid");
  // What the issuer says of somebody is no input of theirs: what cannot be stored is left out, and keeps nobody out.
  const named = typeof name === "string" ? name.slice(0, 200).toWellFormed() : "";
  return {
    issuer,
    subject: known.data,
    name: names.safeParse(named).data ?? "",
    email: isVerified === true ? emails.safeParse(email).data : undefined,
  };
}
