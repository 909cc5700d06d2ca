import { createCodex } from "@codex/sdk";
import type { Data } from "../data.ts";

/** A workspace, and a key of it that opens everything. */
export interface KeyedWorkspace {
  readonly n: number;
  readonly workspaceId: string;
  readonly userId: string;
  readonly key: string;
}

/** What the API's rows stand on. */
export interface ApiWorld {
  readonly data: Data;
  readonly workspaces: readonly KeyedWorkspace[];
  /** Environment of an API on this data. */
  readonly environment: Readonly<Record<string, string>>;
  readonly quick: boolean;
}

const keyedMax = 50;

/** Gives some workspaces a key. */
export async function openWorld(data: Data, quick: boolean): Promise<ApiWorld> {
  await using codex = createCodex({ connectionString: data.database.url("codex_api"), max: 4 });
  const numbers = Array.from({ length: keyedMax }, (_, at) => at + 1);
  const workspaces = await Promise.all(
    numbers.map(async (n) => {
      const { workspaceId, userId } = data.workspace(n);
      const input = { name: "bench", role: "owner" as const, userId, actingAs: userId };
      const { secret: key } = await codex.workspaces.apiKeys.create(workspaceId, input);
      return { n, workspaceId, userId, key };
    }),
  );
  const environment = {
    DATABASE_URL: data.database.url("codex_api"),
    SERVICE_DATABASE_URL: data.database.url("codex_worker"),
  };
  return { data, workspaces, environment, quick };
}

/** One of the values, at random. */
export function anyOf<T>(values: readonly T[]): T {
  return values[Math.floor(Math.random() * values.length)] as T; // of values there are
}

/** Any campaign of a workspace. */
export function anyCampaign({ data }: ApiWorld, n: number): string {
  return data.campaign(n, 1 + Math.floor(Math.random() * data.size.campaigns));
}
