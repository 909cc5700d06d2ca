import { anyCampaign, anyOf } from "./world.ts";
import type { ApiWorld, KeyedWorkspace } from "./world.ts";

const count = 2_000;

/** Reads of one campaign each, as Codex is asked for them. */
export function codexReads(
  world: ApiWorld,
  of: readonly KeyedWorkspace[] = world.workspaces,
): string[] {
  return many(() => {
    const workspace = anyOf(of);
    return codexGet("campaigns.get", { id: anyCampaign(world, workspace.n) }, workspace);
  });
}

/** The same reads of the bare handler. */
export function bareReads(world: ApiWorld): string[] {
  return many(() => {
    const { n, workspaceId } = anyOf(world.workspaces);
    return get(`/campaigns?workspace=${workspaceId}&id=${anyCampaign(world, n)}`);
  });
}

/** The same reads of tRPC alone. */
export function trpcReads(world: ApiWorld): string[] {
  return many(() => {
    const { n, workspaceId } = anyOf(world.workspaces);
    const input = JSON.stringify({ workspaceId, id: anyCampaign(world, n) });
    return get(`/trpc/campaign?input=${encodeURIComponent(input)}`);
  });
}

/** Reads 80 %, lists 10 %, writes 10 %, in many workspaces. */
export function mixedWork(world: ApiWorld): string[] {
  return many((at) => {
    const workspace = anyOf(world.workspaces);
    if (at % 10 === 3) return codexGet("campaigns.list", { first: 20 }, workspace);
    if (at % 10 === 7) return codexPost("campaigns.create", { name: "Made" }, workspace);
    return codexGet("campaigns.get", { id: anyCampaign(world, workspace.n) }, workspace);
  });
}

/** Opens a stream of events. */
export function codexStream({ key }: KeyedWorkspace): string {
  return get("/trpc/events.subscribe", `authorization: Bearer ${key}\r\n`);
}

export function get(path: string, headers = ""): string {
  return `GET ${path} HTTP/1.1\r\nhost: localhost\r\n${headers}\r\n`;
}

function codexGet(name: string, input: unknown, { key }: KeyedWorkspace): string {
  const search = encodeURIComponent(JSON.stringify(input));
  return get(`/trpc/${name}?input=${search}`, `authorization: Bearer ${key}\r\n`);
}

function codexPost(name: string, input: unknown, { key }: KeyedWorkspace): string {
  const body = JSON.stringify(input);
  const headers = `content-type: application/json\r\ncontent-length: ${body.length}`;
  return `POST /trpc/${name} HTTP/1.1\r\nhost: localhost\r\nauthorization: Bearer ${key}\r\n${headers}\r\n\r\n${body}`;
}

function many(make: (at: number) => string): string[] {
  return Array.from({ length: count }, (_, at) => make(at));
}
