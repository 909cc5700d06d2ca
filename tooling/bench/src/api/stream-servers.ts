import { createCodex } from "@codex/sdk";
import { randomUUID } from "node:crypto";
import pg from "pg";
import { startApi, startPeer } from "./child.ts";
import type { ServerChild } from "./child.ts";
import { codexStream, get } from "./requests.ts";
import type { ApiWorld } from "./world.ts";

/** A server that streams, and how an event comes about that it tells of. */
export interface StreamServer extends AsyncDisposable {
  readonly name: string;
  readonly server: ServerChild;
  /** What a subscriber sends. */
  readonly request: string;
  trigger(): Promise<unknown>;
}

export const names = {
  codex: "codex",
  floor: "LISTEN/NOTIFY",
  trpc: "tRPC's own streams",
  bare: "no database",
} as const;

export type StreamServerName = keyof typeof names;

/** Starts a server; its events are changes that are committed by this process. */
export async function startStreamServer(
  world: ApiWorld,
  name: StreamServerName,
): Promise<StreamServer> {
  if (name === "codex") return startCodex(world);
  const url = world.data.database.url("codex_api");
  if (name === "bare") return startBare(url);
  const program = name === "floor" ? "stream-program" : "trpc-stream-program";
  const channel = `bench_${name}`;
  const server = await startPeer(program, { url, channel });
  const pool = new pg.Pool({ connectionString: url, max: 4 });
  const workspace = world.workspaces[0];
  return {
    name: names[name],
    server,
    request: get("/trpc/events", "accept: text/event-stream\r\n"),
    trigger: () =>
      pool.query({ name: "notify", text: notify, values: [...valuesOf(workspace), channel] }),
    [Symbol.asyncDispose]: async () => {
      await pool.end();
      await server[Symbol.asyncDispose]();
    },
  };
}

/** The same change in a bare table, and its event in the notification. */
const notify = `
  with made as (
    insert into bare.campaigns (workspace_id, id, name, owner_id) values ($1, $2, 'Made', $3)
    returning id, owner_id, version, status, created_at
  )
  select pg_notify($4, json_build_object(
    'type', 'campaign.created', 'entity', 'campaigns', 'entityId', id,
    'payload', json_build_object('key', json_build_object('id', id), 'version', version, 'status', status),
    'userId', owner_id, 'agentId', null, 'createdAt', created_at)::text)
  from made`;

function valuesOf(workspace: { workspaceId: string; userId: string } | undefined): unknown[] {
  return [workspace?.workspaceId, randomUUID(), workspace?.userId];
}

async function startCodex(world: ApiWorld): Promise<StreamServer> {
  const plenty = "1000000";
  const server = await startApi({
    ...world.environment,
    STREAMS_PER_WORKSPACE: plenty,
    STREAMS_PER_KEY: plenty,
    STREAMS_PER_ADDRESS: plenty,
  });
  const codex = createCodex({ connectionString: world.data.database.url("codex_api"), max: 4 });
  const [workspace] = world.workspaces;
  if (workspace === undefined) throw new Error("there is no workspace");
  const { workspaceId, userId } = workspace;
  const ws = codex.workspace(workspaceId, { userId });
  return {
    name: names.codex,
    server,
    request: codexStream(workspace),
    trigger: () => ws.campaigns.create({ name: "Made" }),
    [Symbol.asyncDispose]: async () => {
      await codex.close();
      await server[Symbol.asyncDispose]();
    },
  };
}

async function startBare(url: string): Promise<StreamServer> {
  const server = await startPeer("stream-program", { url, channel: "bench_bare" });
  let number = 0;
  return {
    name: names.bare,
    server,
    request: get("/"),
    trigger: () => {
      number += 1;
      const event = { number, type: "campaign.created", entity: "campaigns", payload: padding };
      return server.ask(event);
    },
    [Symbol.asyncDispose]: () => server[Symbol.asyncDispose](),
  };
}

// As long as an event of the others.
const padding = { fields: "x".repeat(220) };
