import { createCodex } from "../codex.ts";
import type { Codex } from "../codex.ts";

/** A PostgreSQL server of its own with an empty, migrated database. Disposing of it takes all of it away. */
export interface Throwaway extends AsyncDisposable {
  /** A client with both logins. */
  readonly codex: Codex;
  /** Login of `codex_app`. */
  readonly connectionString: string;
  /** Login of `codex_service`. */
  readonly serviceConnectionString: string;
}

/**
 * Starts a throwaway PostgreSQL from npm on a free port and migrates a database in it (about 3 s). It is
 * made by `@codex/testkit` of the Codex repository; throws what to do where that is not installed.
 */
export async function startThrowaway(): Promise<Throwaway> {
  const kit = await import("@codex/testkit").catch((cause: unknown) => {
    throw new Error(
      "A throwaway PostgreSQL needs @codex/testkit, which is part of the Codex repository. Outside it, give createCodex a migrated database of yours: makeTestWorkspace needs no more.",
      { cause },
    );
  });
  const server = await kit.startPostgres();
  try {
    const database = await kit.createDatabase(server);
    await kit.migrate(server.url(database.name), "bootstrap");
    await kit.createLogins(server);
    await kit.migrate(database.url("codex_deployer"), "up");
    const connectionString = database.url("codex_api");
    const serviceConnectionString = database.url("codex_worker");
    const service = { connectionString: serviceConnectionString };
    const codex = createCodex({ connectionString, service });
    const stop = async (): Promise<void> => {
      await codex.close();
      await database[Symbol.asyncDispose]();
      await server.stop();
    };
    return { codex, connectionString, serviceConnectionString, [Symbol.asyncDispose]: stop };
  } catch (error) {
    await server.stop();
    throw error;
  }
}
