import { only } from "../edit.ts";
import { isCodexError } from "../errors.ts";
import type { Handle } from "../handle.ts";
import type { CallOptions } from "../options.ts";
import { requireService, serviceHandle } from "../service.ts";
import type { Service } from "../service.ts";
import { endedPlaces, noteKeyUse, takeTicket } from "./queries.ts";
import { hashOf, readTicket, unknownTicket, workspaceOfKey } from "../workspaces/secrets.ts";

/** Whom a stream is for. */
export interface StreamHolder {
  readonly workspaceId: string;
  /** Member; null for an agent. */
  readonly userId: string | null;
  /** Key that it was opened with, whose end is its own; null for a person's token. */
  readonly apiKeyId: string | null;
}

/** Opens one stream, within 30 seconds. */
export interface StreamTicket {
  readonly ticket: string;
  readonly expiresAt: Date;
  /** Number of the last event by then: a stream that goes on after it misses nothing from here on. */
  readonly after: number;
}

const table = "stream_tickets";

/** Who may hold a stream, and until when. For a server that serves apps. */
export class AccessClient {
  readonly #outside: Handle;
  readonly #service: Service | undefined;

  constructor(outside: Handle, service: Service | undefined) {
    this.#outside = outside;
    this.#service = service;
  }

  /** Takes a ticket, once. Throws Unauthenticated for one that is unknown, used or expired. */
  async takeTicket(ticket: string, options: CallOptions = {}): Promise<StreamHolder> {
    const { workspaceId, secret } = readTicket(ticket);
    try {
      return await this.#outside.write(
        {
          operation: { name: "access.takeTicket", table },
          queries: [takeTicket(workspaceId, hashOf(secret))],
          input: undefined,
          settle: ([rows]) => ({ workspaceId, ...only(rows, "stream ticket") }),
        },
        options,
      );
    } catch (error) {
      if (!isCodexError(error, "Forbidden")) throw error;
      const { requestId, cause } = error;
      throw unknownTicket({ requestId, cause });
    }
  }

  /** Those who may no longer be in their workspace, out of any number in any workspaces: one round trip. */
  async ended<Holder extends StreamHolder>(
    holders: readonly Holder[],
    options: CallOptions = {},
  ): Promise<readonly Holder[]> {
    if (holders.length === 0) return [];
    return serviceHandle(requireService(this.#service)).read(
      {
        operation: { name: "access.ended", table: "user_workspaces" },
        queries: [endedPlaces(holders)],
        settle: ([rows]) => rows.flatMap(({ place }) => holders.slice(place - 1, place)),
      },
      options,
    );
  }

  /** Writes down when a key was last used; nobody waits for it, so once a minute is often enough. */
  async noteKeyUse(apiKey: string, usedAt: Date, options: CallOptions = {}): Promise<void> {
    const workspaceId = workspaceOfKey(apiKey);
    await serviceHandle(requireService(this.#service), workspaceId).write(
      {
        operation: { name: "access.noteKeyUse", table: "api_keys" },
        queries: [noteKeyUse(workspaceId, hashOf(apiKey), usedAt)],
        input: undefined,
        settle: () => ({}),
      },
      options,
    );
  }
}
