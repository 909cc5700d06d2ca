import { exportSPKI, generateKeyPair, SignJWT, UnsecuredJWT } from "jose";
import { createHmac, randomBytes, randomUUID } from "node:crypto";
import { readFile } from "node:fs/promises";
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { readSettings } from "../src/env.ts";
import { startServer } from "../src/server.ts";
import { codeOf } from "./support/call.ts";
import { mutate, query } from "./support/http.ts";
import { makeIssuer } from "./support/issuer.ts";
import { environmentFor, makeApiWorld } from "./support/server.ts";
import type { ApiWorld } from "./support/server.ts";

describe("keys and tokens", () => {
  let world: ApiWorld;
  let subject: string;
  beforeAll(async () => {
    world = await makeApiWorld();
    const { rows } = await world.db.admin.query<{ subject: string }>(
      "select subject from codex.user_profiles where id = $1",
      [world.acme.members.owner.userId],
    );
    subject = rows[0]?.subject ?? "";
  });
  afterAll(() => world[Symbol.asyncDispose]());

  const list = (authorization: string | undefined, workspace?: string) =>
    query(
      world.server.url,
      "campaigns.list",
      {},
      {
        headers: {
          ...(authorization === undefined ? {} : { authorization }),
          ...(workspace === undefined ? {} : { "x-codex-workspace": workspace }),
        },
      },
    );

  it("takes the key of a member, and a token of one who names the workspace", async () => {
    const { acme, issuer } = world;
    expect((await list(`Bearer ${acme.keys.viewer}`)).status).toBe(200);
    expect((await list(`bearer ${acme.keys.viewer}`)).status).toBe(200);
    const token = await issuer.token(subject);
    expect((await list(`Bearer ${token}`, acme.id)).status).toBe(200);
    // Twice, since one that was good is remembered.
    expect((await list(`Bearer ${token}`, acme.id)).status).toBe(200);
    expect(codeOf(await list(`Bearer ${token}`))).toBe("MissingContext");
    expect(codeOf(await list(`Bearer ${token}`, "acme"))).toBe("InvalidInput");
  });

  it("refuses forged, expired, truncated and foreign keys", async () => {
    const { acme, globex } = world;
    const key = acme.keys.owner;
    const [, place = "", random = ""] = /^cdx_([\w-]{22})_([\w-]{43})$/u.exec(key) ?? [];
    const [, foreignPlace = ""] = /^cdx_([\w-]{22})_/u.exec(globex.keys.owner) ?? [];
    const other = randomBytes(32).toString("base64url");
    const forged = [
      `cdx_${place}_${other}`,
      `cdx_${foreignPlace}_${random}`,
      `cdx_${randomBytes(16).toString("base64url")}_${random}`,
      `cdx_${place}_${random.slice(0, 42)}${random.endsWith("A") ? "B" : "A"}`,
      `cdx_${place}_${random.slice(1)}`,
      `cdx_${place}_${random}A`,
      `cdx_${place}_`,
      `cdx_${place}`,
      "cdx_",
      "cdx_null_undefined",
      `CDX_${place}_${random}`,
      `cdx_${place}_${random}`.toUpperCase(),
      `${key}${key}`,
      `cdx_${place}_${"%00".padEnd(43, "A")}`,
      `cdx_${"A".repeat(22)}_${random}`,
      `cdx__${random}`,
    ];
    for (const bad of forged) {
      const answer = await list(`Bearer ${bad}`);
      expect([bad, answer.status, codeOf(answer)]).toEqual([bad, 401, "Unauthenticated"]);
    }
    for (const scheme of [
      `Basic ${key}`,
      `Bearer`,
      key,
      `Bearer  ${key}`,
      `Bearer ${key} x`,
      "Token x",
    ])
      expect([scheme, (await list(scheme)).status]).toEqual([scheme, 401]);
  });

  it("refuses forged tokens, whatever is wrong with them", async () => {
    const { acme, issuer } = world;
    const { name: iss, audience: aud, keyId: kid, privateKey, publicKey } = issuer;
    const good = await issuer.token(subject);
    const [head = "", body = "", signature = ""] = good.split(".");
    const stranger = await generateKeyPair("ES256");
    const rsa = await generateKeyPair("RS256");
    const header = { alg: "ES256", kid };
    const now = Math.floor(Date.now() / 1000);
    const sign = (
      claims: Record<string, unknown>,
      protectedHeader: Record<string, unknown> = header,
      key: Parameters<SignJWT["sign"]>[0] = privateKey,
    ): Promise<string> =>
      new SignJWT(claims).setProtectedHeader(protectedHeader as { alg: string }).sign(key);
    const claims = { sub: subject, iss, aud, exp: now + 600, iat: now };
    const encode = (value: unknown): string =>
      Buffer.from(JSON.stringify(value)).toString("base64url");
    const pem = await exportSPKI(publicKey);
    // The old trick: the public key as the secret of a symmetric signature.
    const confused = `${encode({ alg: "HS256", kid })}.${encode(claims)}`;
    const hmac = createHmac("sha256", pem).update(confused).digest("base64url");
    const flipped = (text: string, at: number): string =>
      `${text.slice(0, at)}${text[at] === "A" ? "B" : "A"}${text.slice(at + 1)}`;
    const forged: readonly (readonly [string, string])[] = [
      ["signed by a stranger", await sign(claims, header, stranger.privateKey)],
      [
        "signed by a stranger, another kid",
        await sign(claims, { ...header, kid: "x" }, stranger.privateKey),
      ],
      ["no kid, signed by a stranger", await sign(claims, { alg: "ES256" }, stranger.privateKey)],
      ["of another algorithm", await sign(claims, { alg: "RS256", kid }, rsa.privateKey)],
      ["key confusion", `${confused}.${hmac}`],
      ["unsecured", new UnsecuredJWT(claims).encode()],
      ["alg none, signature kept", `${encode({ alg: "none" })}.${body}.${signature}`],
      ["alg None", `${encode({ alg: "None", kid })}.${body}.`],
      ["no signature", `${head}.${body}.`],
      ["two parts", `${head}.${body}`],
      ["one part", head],
      ["four parts", `${good}.x`],
      ["five parts", `${good}.x.y`],
      ["expired", await sign({ ...claims, exp: now - 60 })],
      ["expired long ago", await sign({ ...claims, exp: 1 })],
      ["without an end", await sign({ sub: subject, iss, aud })],
      ["end is a text", await sign({ ...claims, exp: "never" })],
      ["not yet", await sign({ ...claims, nbf: now + 600 })],
      ["of another issuer", await sign({ ...claims, iss: "https://evil.test" })],
      ["of an issuer that looks alike", await sign({ ...claims, iss: `${iss}/` })],
      ["of several issuers", await sign({ ...claims, iss: [iss, "x"] })],
      ["without an issuer", await sign({ sub: subject, aud, exp: now + 600 })],
      ["for somebody else", await sign({ ...claims, aud: "another" })],
      ["for nobody", await sign({ sub: subject, iss, exp: now + 600 })],
      ["for nobody in a list", await sign({ ...claims, aud: [] })],
      ["without a subject", await sign({ iss, aud, exp: now + 600 })],
      ["an empty subject", await sign({ ...claims, sub: "" })],
      ["a subject that is no text", await sign({ ...claims, sub: 5 })],
      ["a subject without end", await sign({ ...claims, sub: "s".repeat(501) })],
      [
        "critical header that nobody knows",
        await sign(claims, { ...header, crit: ["x"], x: 1 }).catch(() => "x.y.z"),
      ],
      [
        "key of its own in the header",
        `${encode({ ...header, kid: undefined, jwk: { kty: "EC" } })}.${body}.${signature}`,
      ],
      [
        "key by address",
        `${encode({ ...header, jku: "http://127.0.0.1:1/keys" })}.${body}.${signature}`,
      ],
      ["certificate in the header", `${encode({ ...header, x5c: ["AAAA"] })}.${body}.${signature}`],
      [
        "path as kid",
        await sign(claims, { ...header, kid: "../../etc/passwd" }, stranger.privateKey),
      ],
      ["SQL as kid", await sign(claims, { ...header, kid: "' or 1=1 --" }, stranger.privateKey)],
      ["another body", `${head}.${encode({ ...claims, sub: "somebody" })}.${signature}`],
      ["another head", `${encode({ ...header, typ: "JWT" })}.${body}.${signature}`],
      ["an empty body", `${head}..${signature}`],
      ["an empty head", `.${body}.${signature}`],
      ["body is no JSON", `${head}.${Buffer.from("{").toString("base64url")}.${signature}`],
      ["body is a list", `${head}.${encode([])}.${signature}`],
      ["head is no JSON", `AAAA.${body}.${signature}`],
      ["signature of zeroes", `${head}.${body}.${Buffer.alloc(64).toString("base64url")}`],
      ["signature too short", `${head}.${body}.${signature.slice(0, 40)}`],
      ["signature too long", `${head}.${body}.${signature}AAAA`],
      [
        "signature of another body",
        `${head}.${body}.${(await issuer.token("x")).split(".")[2] ?? ""}`,
      ],
      ["one bit of the head", `${flipped(head, 5)}.${body}.${signature}`],
      ["one bit of the body", `${head}.${flipped(body, 9)}.${signature}`],
      ["one bit of the signature", `${head}.${body}.${flipped(signature, 11)}`],
      ["padded", `${head}=.${body}.${signature}`],
      ["an encrypted one", `${encode({ alg: "dir", enc: "A256GCM" })}..AAAA.AAAA.AAAA`],
      ["dots", "..."],
      ["words", "let.me.in"],
      ["a uuid", randomUUID()],
      ["an invitation", `${acme.id}.${"a".repeat(43)}`],
      ["8,000 letters", "a".repeat(8_000)],
    ];
    expect(forged.length).toBeGreaterThanOrEqual(55);
    for (const [what, token] of forged) {
      const answer = await list(`Bearer ${token}`, acme.id);
      expect([what, answer.status, codeOf(answer)]).toEqual([what, 401, "Unauthenticated"]);
    }
    expect((await list(`Bearer ${good}`, acme.id)).status).toBe(200);
  });

  it("fetches the keys of tokens by address, follows when they change, and says when it cannot", async () => {
    const { db, issuer, acme } = world;
    let keys = await readFile(issuer.jwksFile, "utf8");
    let isAway = false;
    const provider = createServer((_, response) => {
      if (isAway) response.destroy();
      else response.setHeader("content-type", "application/json").end(keys);
    });
    await new Promise<void>((done) => provider.listen(0, "127.0.0.1", done));
    const { port } = provider.address() as AddressInfo;
    const JWT_JWKS = `http://127.0.0.1:${port}/jwks`;
    await using server = await startServer(readSettings(environmentFor(db, issuer, { JWT_JWKS })));
    const ask = async (token: string) => {
      const headers = { "x-codex-workspace": acme.id };
      const answer = await query(server.url, "campaigns.list", {}, { token, headers });
      return [answer.status, codeOf(answer)];
    };
    expect(await ask(await issuer.token(subject))).toEqual([200, undefined]);
    const next = await makeIssuer();
    expect(await ask(await next.token(subject))).toEqual([401, "Unauthenticated"]);
    keys = await readFile(next.jwksFile, "utf8");
    isAway = true;
    await using other = await startServer(readSettings(environmentFor(db, issuer, { JWT_JWKS })));
    const headers = { "x-codex-workspace": acme.id };
    const token = await issuer.token(subject, { jti: "another" });
    const away = await query(other.url, "campaigns.list", {}, { token, headers });
    expect([away.status, codeOf(away)]).toEqual([503, "Unavailable"]);
    expect(away.text).not.toContain(String(port));
    isAway = false;
    const good = keys;
    keys = '{"issuer":"a page about the keys, and none of them"}';
    await using misled = await startServer(readSettings(environmentFor(db, issuer, { JWT_JWKS })));
    const unread = await query(misled.url, "campaigns.list", {}, { token, headers });
    expect([unread.status, codeOf(unread)]).toEqual([503, "Unavailable"]);
    keys = good;
    const back = await query(
      other.url,
      "campaigns.list",
      {},
      { token: await next.token(subject), headers },
    );
    expect(back.status).toBe(200);
    await next[Symbol.asyncDispose]();
    await new Promise((done) => provider.close(done));
  });

  it("tells a key that is unknown from nothing: one sentence for all of them", async () => {
    const { acme, globex, codex } = world;
    const { owner } = acme.members;
    const made = await codex.workspaces.apiKeys.create(acme.id, {
      name: "gone",
      actingAs: owner.userId,
    });
    await codex.workspaces.apiKeys.revoke(acme.id, { keyId: made.id, userId: owner.userId });
    const [, foreignPlace = ""] = /^cdx_([\w-]{22})_/u.exec(globex.keys.owner) ?? [];
    const texts = await Promise.all(
      [made.secret, `cdx_${foreignPlace}_${"a".repeat(43)}`].map(async (key) => {
        const { text } = await list(`Bearer ${key}`);
        return text.replace(/"requestId":"[^"]*"/u, "");
      }),
    );
    expect(new Set(texts).size).toBe(1);
  });

  it("lets a key do what its scopes say", async () => {
    const { acme, codex, server } = world;
    const { owner } = acme.members;
    const key = await codex.workspaces.apiKeys.create(acme.id, {
      name: "reader",
      role: "owner",
      scopes: ["campaigns:read"],
      actingAs: owner.userId,
    });
    const token = key.secret;
    expect((await list(`Bearer ${token}`)).status).toBe(200);
    const written = await mutate(server.url, "campaigns.create", { name: "x" }, { token });
    expect([written.status, codeOf(written)]).toEqual([403, "Forbidden"]);
    expect((await query(server.url, "cohorts.list", {}, { token })).status).toBe(403);
  });

  it("is made for no scope that opens nothing, with near ones", async () => {
    const { acme, server } = world;
    const make = (...scopes: string[]) =>
      mutate(
        server.url,
        "workspaces.apiKeys.create",
        { name: "K", scopes },
        {
          token: acme.keys.owner,
        },
      );
    for (const scope of ["*:*", "*:write", "campaigns:*", "events:read", "executions:write"])
      expect([scope, (await make(scope)).status]).toEqual([scope, 200]);
    for (const scope of ["campaign:read", "people:read", "people:*", "nothing:*"]) {
      const { status, text } = await make("*:read", scope);
      expect([scope, status]).toEqual([scope, 400]);
      expect(text).toContain("scopes.1: no procedure needs such a scope; near are ");
    }
    expect((await make("campain:read")).text).toContain("near are campaigns:read");
  });

  it("ends with the membership of whoever holds it", async () => {
    const { acme, codex, server } = world;
    const { owner, analyst } = acme.members;
    const key = await codex.workspaces.apiKeys.create(acme.id, {
      name: "leaver's",
      role: "viewer",
      userId: analyst.userId,
      actingAs: owner.userId,
    });
    const ask = () => query(server.url, "campaigns.list", {}, { token: key.secret });
    expect((await ask()).status).toBe(200);
    await codex.workspaces.members.remove(acme.id, {
      memberId: analyst.userId,
      userId: owner.userId,
    });
    expect((await ask()).status).toBe(401);
  });

  it("notes when a key was used, once a minute and as no edit", async () => {
    const { acme, codex, server } = world;
    const { owner } = acme.members;
    const made = await codex.workspaces.apiKeys.create(acme.id, {
      name: "noted",
      actingAs: owner.userId,
    });
    const find = async () => {
      const page = await codex.workspaces.apiKeys.list(acme.id, { userId: owner.userId });
      return page.items.find(({ id }) => id === made.id);
    };
    expect((await find())?.lastUsedAt).toBeNull();
    await query(server.url, "campaigns.list", {}, { token: made.secret });
    await expect.poll(async () => (await find())?.lastUsedAt).toBeInstanceOf(Date);
    expect((await find())?.version).toBe(1);
  });

  it("makes whoever has a token known, and the owner of the workspace they make", async () => {
    const { issuer, server } = world;
    const token = await issuer.token(randomUUID(), { name: "Nia", email: "n@example.org" });
    const made = await mutate(
      server.url,
      "workspaces.create",
      { name: "Hers", slug: `hers-${randomUUID()}` },
      { token },
    );
    expect(made.status).toBe(200);
    const mine = await query(server.url, "workspaces.forUser", undefined, { token });
    expect(mine.json.result.data).toMatchObject([{ name: "Hers", role: "owner" }]);
    const again = await mutate(server.url, "people.ensure", {}, { token });
    expect(again.status).toBe(200);
  });

  it.each([
    ["an address that is not one to store", { email: "jürgen@example.org", email_verified: true }],
    ["an address that is too long", { email: `${"n".repeat(400)}@e.org`, email_verified: true }],
    ["a name that ends in half a sign", { name: `${"n".repeat(199)}😀` }],
    ["a name with a character that is none", { name: "Nia\0" }],
  ])("keeps nobody out whose token has %s", async (_, claims) => {
    const { issuer, server } = world;
    const token = await issuer.token(randomUUID(), claims);
    expect((await query(server.url, "workspaces.forUser", undefined, { token })).status).toBe(200);
    expect((await mutate(server.url, "people.ensure", {}, { token })).status).toBe(200);
  });
});
