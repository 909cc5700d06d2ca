import type { Codex } from "@codex/sdk";
import { CodexError } from "@codex/sdk/errors";
import { describe, expect, it } from "vitest";
import { Fitness } from "./fitness.ts";
import type { Logger } from "./observe/log.ts";

/** One whose database answers with that. */
function facing(cause: Error): { fitness: Fitness; said: unknown[] } {
  const said: unknown[] = [];
  const error = new CodexError("Unavailable", "the database is not available", { cause });
  const codex = { check: () => Promise.reject(error) } as unknown as Codex; // what is asked of it
  const log = { warn: (of: { said: unknown }) => said.push(of.said) } as unknown as Logger;
  return { fitness: new Fitness(codex, log), said };
}

const failed = (message: string, code?: string): Error =>
  Object.assign(new Error(message), code === undefined ? {} : { code });

describe("the fitness of a database", () => {
  it.each([
    ["28P01", 'password authentication failed for user "codex_api"'],
    ["3D000", 'database "nowhere" does not exist'],
    ["42501", 'permission denied for database "codex"'],
    [undefined, "SASL: SCRAM-SERVER-FIRST-MESSAGE: client password must be a string"],
    [undefined, "The server does not support SSL connections"],
  ])("is given up for what no waiting mends (%s, %s)", async (code, message) => {
    const { fitness, said } = facing(failed(message, code));
    await expect(fitness.look()).rejects.toThrow(
      `The database refuses the login of DATABASE_URL or SERVICE_DATABASE_URL: ${message}.`,
    );
    expect(said).toEqual([]);
  });

  it.each([
    ["57P03", "the database system is starting up"],
    ["53300", "sorry, too many clients already"],
    ["ENOTFOUND", "getaddrinfo ENOTFOUND db.example"],
    ["EAI_AGAIN", "getaddrinfo EAI_AGAIN db.example"],
    ["ECONNREFUSED", "connect ECONNREFUSED 127.0.0.1:5432"],
    [undefined, "Connection terminated unexpectedly"],
  ])("is waited for while it is away, and the log says why (%s, %s)", async (code, message) => {
    const { fitness, said } = facing(failed(message, code));
    expect(await fitness.look()).toBe(false);
    expect(said).toEqual([message]);
    const several = facing(new AggregateError([failed(message, code)], ""));
    expect(await several.fitness.look()).toBe(false);
    expect(several.said).toEqual([message]);
  });
});
