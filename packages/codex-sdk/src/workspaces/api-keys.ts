import { z } from "zod";
import { splitActing } from "../actor.ts";
import type { Acting } from "../actor.ts";
import { edited, look, only, versionOf } from "../edit.ts";
import { newId } from "../ids.ts";
import { id, parse } from "../input.ts";
import type { EditOptions, WriteOptions, Written } from "../options.ts";
import { pageInput } from "../page-input.ts";
import { paged } from "../page.ts";
import type { List, ListOptions } from "../page.ts";
import { createApiKey, listApiKeys, revokeApiKey } from "./queries.ts";
import { createApiKeyInput } from "./schemas.ts";
import type { CreateApiKeyInput } from "./schemas.ts";
import { newApiKey } from "./secrets.ts";
import { fresh } from "./workspaces.ts";
import type { ApiKey, WorkspaceDoors } from "./workspaces.ts";

const table = "api_keys";
const listInput = z.strictObject(pageInput);

/** API keys of a workspace; for owners. */
export class ApiKeys {
  readonly #doors: WorkspaceDoors;

  constructor(doors: WorkspaceDoors) {
    this.#doors = doors;
  }

  /**
   * Makes a key of 256 bits. `secret` is shown here and never again: its hash alone is stored. The key
   * acts with the lower of its own role and its holder's. Throws Forbidden, InvalidInput,
   * InvalidReference, and Conflict for an idempotency key whose API key is made already.
   */
  async create(
    workspaceId: string,
    { actingAs, ...input }: CreateApiKeyInput & { actingAs: string | Acting },
    options: WriteOptions = {},
  ): Promise<ApiKey & { secret: string }> {
    const parsed = parse(createApiKeyInput, input);
    const acting = typeof actingAs === "string" ? { userId: actingAs } : actingAs;
    const ws = this.#doors.inside(workspaceId, acting);
    const { secret, hash, prefix } = newApiKey(workspaceId);
    const query = createApiKey(ws, {
      ...parsed,
      scopes: [...new Set(parsed.scopes)],
      id: newId(),
      keyHash: hash,
      prefix,
      userId: parsed.userId,
      agentId: parsed.agentId,
      expiresAt: parsed.expiresAt,
    });
    return ws.write(
      {
        operation: { name: "workspaces.apiKeys.create", table },
        queries: [query],
        input,
        settle: ([rows], { replayed }) => ({
          ...only(rows, "api key"),
          secret: fresh(secret, replayed),
        }),
      },
      options,
    );
  }

  /** Keys without their secrets, newest first, revoked ones included. Throws InvalidInput. */
  list(workspaceId: string, options: ListOptions & Acting): List<ApiKey> {
    const { acting, rest } = splitActing(options);
    const { first, after, ...call } = rest;
    const ws = this.#doors.inside(workspaceId, acting);
    const page = parse(listInput, { first, after });
    return paged(
      ws,
      {
        operation: { name: "workspaces.apiKeys.list", table },
        cursor: { name: "apiKeys", filter: null, sort: "newest" },
        page,
        query: (asked) => listApiKeys(ws, asked),
        keysOf: (row) => [row.cursorAt, row.id],
        keysCount: 2,
        toItem: ({ cursorAt, ...key }): ApiKey => key,
      },
      call,
    );
  }

  /** Ends a key for good; once more changes nothing. Throws NotFound, StaleVersion, Forbidden. */
  async revoke(
    workspaceId: string,
    key: { keyId: string } & Acting,
    options: EditOptions = {},
  ): Promise<Written<ApiKey>> {
    const keyId = parse(id, key.keyId);
    const ws = this.#doors.inside(workspaceId, splitActing(key).acting);
    const expectedVersion = versionOf(options.expectedVersion);
    return ws.write(
      {
        operation: { name: "workspaces.apiKeys.revoke", table },
        queries: [revokeApiKey(ws, keyId, expectedVersion), look(ws, table, keyId)],
        input: keyId,
        settle: ([rows, found]) => edited(rows, found, { entity: "api key", expectedVersion }),
      },
      options,
    );
  }
}
