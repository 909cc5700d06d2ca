import { canMakeDatabases } from "@codex/testkit";
import { CodexError } from "@codex/sdk/errors";
import type { CodexErrorCode } from "@codex/sdk/errors";
import { TRPCError } from "@trpc/server";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { bodyOf, statusOf, toCodexError, trpcShapeOf } from "../src/errors.ts";
import { describeError } from "../src/observe/log.ts";
import { mutate, post } from "./support/http.ts";
import { makeApiWorld } from "./support/server.ts";
import type { ApiWorld } from "./support/server.ts";

const secret =
  'relation "codex.secret_table" column secret_salary constraint secret_check host 10.1.2.3 port 5432 /var/lib/postgresql select password from pg_authid';
// The port by itself: an id made at random may hold its digits.
const forbidden =
  /secret|salary|10\.1\.2\.3|pg_authid|\/var\/lib|select |insert into|codex\.|SQLSTATE|node_modules|\.ts:|(?<![0-9a-f-])5432(?![0-9a-f-])/iu;

// One of each class of PostgreSQL's appendix A, and those that a table of ours names. Not class KX: those
// sentences are the schema's own, written for readers.
const states = [
  "01000", "02000", "03000", "08000", "08006", "08P01", "09000", "0A000", "0B000", "0F000", "0L000",
  "0P000", "0Z000", "20000", "21000", "22000", "22001", "22003", "22007", "22008", "22012", "22021",
  "22023", "22P02", "22P05", "23000", "23001", "23502", "23503", "23505", "23514", "23P01", "24000",
  "25000", "25001", "25006", "25P02", "25P03", "26000", "27000", "28000", "28P01", "2B000", "2D000",
  "2F000", "34000", "38000", "39000", "3B000", "3D000", "3F000", "40000", "40001", "40003", "40P01",
  "42000", "42501", "42601", "42703", "42883", "42P01", "42P05", "44000", "53000", "53100", "53200",
  "53300", "54000", "54001", "55000", "55P03", "57000", "57014", "57P01", "57P02", "57P03", "58000",
  "58030", "58P01", "72000", "F0000", "HV000", "P0001", "P0002", "XX000", "XX001", "XX002",
]; // prettier-ignore

describe.runIf(canMakeDatabases())("errors at the door", () => {
  let world: ApiWorld;
  beforeAll(async () => {
    world = await makeApiWorld({ CALL_TIMEOUT_MS: "1500" }, { own: true });
    await world.db.admin.query(`
      create function public.raise_state() returns trigger language plpgsql as $$
      begin
        if new.name like 'raise %' then
          raise exception '${secret}' using errcode = substr(new.name, 7, 5),
            detail = '${secret}', hint = '${secret}', table = 'secret_table',
            column = 'secret_salary', constraint = 'secret_check', schema = 'codex';
        end if;
        return new;
      end $$;
      create trigger _000_raise before insert on codex.campaigns
        for each row execute function public.raise_state();
      grant execute on function public.raise_state() to public; grant usage on schema public to public`);
  });
  afterAll(() => world?.[Symbol.asyncDispose]());

  it.each(states)("say nothing of the database when it raises %s", async (state) => {
    const { server, acme } = world;
    const token = acme.keys.creator;
    const input = { name: `raise ${state}` };
    const answers = [
      await mutate(server.url, "campaigns.create", input, { token }),
      await post(`${server.url}/v1/campaigns.create`, input, { token }),
      await post(
        `${server.url}/mcp`,
        {
          jsonrpc: "2.0",
          id: 1,
          method: "tools/call",
          params: { name: "campaigns_create", arguments: input },
        },
        { token },
      ),
    ];
    for (const { text, headers } of answers) {
      expect(text).toMatch(/error/iu);
      expect(`${text} ${JSON.stringify([...headers])}`).not.toMatch(forbidden);
    }
    // Nothing was half done, and the next call works.
    const { rows } = await world.db.admin.query(
      "select from codex.campaigns where workspace_id = $1 and name like 'raise %'",
      [acme.id],
    );
    expect(rows).toHaveLength(0);
    expect((await mutate(server.url, "campaigns.create", { name: "x" }, { token })).status).toBe(
      200,
    );
  });

  it("would see what tRPC says by itself", () => {
    const error = new TRPCError({ code: "INTERNAL_SERVER_ERROR", message: secret });
    expect(error.message).toMatch(forbidden);
    expect(JSON.stringify(bodyOf(toCodexError(error), "id"))).not.toMatch(forbidden);
  });

  it.each([
    ["an error", new Error(secret)],
    [
      "an error of the driver",
      Object.assign(new Error(`connect ECONNREFUSED 10.1.2.3:5432`), { code: "ECONNREFUSED" }),
    ],
    ["an error with a cause", new Error("x", { cause: new Error(secret) })],
    ["a text", secret],
    ["nothing", undefined],
    ["null", null],
    ["a number", 5],
    ["an object", { message: secret, toString: () => secret }],
    ["an error without a message", Object.assign(new Error("x"), { message: undefined })],
    ["several", new AggregateError([new Error(secret)], secret)],
    ["an Internal of ours", new CodexError("Internal", secret)],
    ["an unfit schema", new CodexError("SchemaMismatch", secret, { reasons: [secret] })],
    [
      "a procedure's error",
      new TRPCError({ code: "INTERNAL_SERVER_ERROR", cause: new Error(secret) }),
    ],
    [
      "tRPC's own",
      new TRPCError({ code: "NOT_FOUND", message: `No procedure on path "${secret}"` }),
    ],
    [
      "a parse error",
      new TRPCError({ code: "PARSE_ERROR", message: secret, cause: new Error(secret) }),
    ],
  ])("say nothing of %s that is thrown", (_, thrown) => {
    const known = toCodexError(thrown);
    const body = bodyOf(known, "request");
    expect(JSON.stringify(body)).not.toMatch(forbidden);
    expect(body.requestId).toBe("request");
    expect(() => JSON.stringify(describeError(thrown))).not.toThrow();
  });

  it("tell the log of a refusal by the database its state and constraint, and no word of it", () => {
    const refused = Object.assign(new Error(secret), {
      code: "23505",
      constraint: "campaigns_pkey",
      detail: secret,
    });
    for (const code of ["Internal", "Conflict"] as const) {
      const line = describeError(new CodexError(code, "x", { cause: refused }));
      expect(line).toMatchObject({ code, state: "23505", constraint: "campaigns_pkey" });
      expect(JSON.stringify(line)).not.toMatch(/salary|10\.1\.2\.3|pg_authid/u);
    }
  });

  it("have a code of HTTP and of tRPC each", () => {
    const codes: readonly CodexErrorCode[] = [
      "NotFound", "Conflict", "InvalidReference", "InvalidInput", "IllegalTransition", "StaleVersion",
      "IdempotencyConflict", "InProgress", "Unauthenticated", "Forbidden", "MissingContext", "LeaseLost",
      "RateLimited", "Timeout", "Aborted", "Unavailable", "OutcomeUnknown", "SchemaMismatch", "Internal",
    ]; // prettier-ignore
    for (const code of codes) {
      const error = new CodexError(code, "x");
      expect(statusOf(error)).toBeGreaterThanOrEqual(400);
      expect(trpcShapeOf(error, "r").code).toBeLessThan(0);
    }
  });
});
