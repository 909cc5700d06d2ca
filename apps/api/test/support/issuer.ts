import { exportJWK, generateKeyPair, SignJWT } from "jose";
import type { CryptoKey, JWTPayload } from "jose";
import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";

/** Somebody who issues tokens, with keys of their own. */
export interface Issuer extends AsyncDisposable {
  readonly name: string;
  readonly audience: string;
  readonly jwksFile: string;
  readonly keyId: string;
  readonly privateKey: CryptoKey;
  readonly publicKey: CryptoKey;
  /** A good token of that subject, unless something else is asked for. */
  token(subject: string, claims?: JWTPayload): Promise<string>;
}

export async function makeIssuer(): Promise<Issuer> {
  const { privateKey, publicKey } = await generateKeyPair("ES256", { extractable: true });
  const keyId = "test-1";
  const name = "https://identity.test";
  const audience = "codex";
  const folder = await mkdtemp(join(tmpdir(), "codex-issuer-"));
  const jwksFile = join(folder, "jwks.json");
  const key = { ...(await exportJWK(publicKey)), kid: keyId, alg: "ES256", use: "sig" };
  await writeFile(jwksFile, JSON.stringify({ keys: [key] }));
  return {
    name,
    audience,
    jwksFile,
    keyId,
    privateKey,
    publicKey,
    token: (subject, claims = {}) =>
      new SignJWT({ sub: subject, iss: name, aud: audience, ...claims })
        .setProtectedHeader({ alg: "ES256", kid: keyId })
        .setIssuedAt()
        .setExpirationTime("10 minutes")
        .sign(privateKey),
    [Symbol.asyncDispose]: () => rm(folder, { recursive: true }),
  };
}
