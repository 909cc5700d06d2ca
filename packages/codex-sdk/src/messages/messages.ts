import type { Pillar } from "@codex/db";
import { edited, holdVersion, only, versionOf } from "../edit.ts";
import { notFound } from "../errors.ts";
import type { Handle } from "../handle.ts";
import { newId } from "../ids.ts";
import { id as idInput, parse } from "../input.ts";
import type { CallOptions, EditOptions, Written } from "../options.ts";
import { lintMessage } from "./lint.ts";
import type { MessageLint } from "./lint.ts";
import {
  fittingMessages,
  getDraft,
  getMessage,
  holdDrafts,
  publishMessage,
  putMessage,
} from "./queries.ts";
import { putMessageInput, resolveMessageInput } from "./schemas.ts";
import type { PutMessageInput, ResolveMessageInput } from "./schemas.ts";

/** What is said on the ground of a positioning. */
export interface Message {
  readonly id: string;
  readonly positioningId: string;
  readonly name: string;
  /** Null: for every channel. */
  readonly channel: string | null;
  /** Null: for everybody. */
  readonly persona: string | null;
  readonly coreMessage: string;
  readonly pillars: readonly Pillar[];
  readonly brandVoice: string;
  readonly toneGuidelines: string;
  readonly status: "draft" | "published" | "superseded";
  readonly publishedAt: Date | null;
  readonly createdBy: string | null;
  readonly version: number;
  readonly createdAt: Date;
  readonly updatedAt: Date;
}

/** A message that was looked at when one was resolved. */
export interface MessageSource {
  readonly id: string;
  readonly channel: string | null;
  readonly persona: string | null;
}

const entity = "message";
const table = "message_architecture";

/** Message architectures of a workspace. Written by creators and above. */
export class MessageClient {
  readonly #ws: Handle;

  constructor(ws: Handle) {
    this.#ws = ws;
  }

  /**
   * Writes the draft of a positioning for a channel and persona; there is one at a time. With a version that
   * one alone: none is made. Throws InvalidInput, InvalidReference, NotFound, StaleVersion, Forbidden.
   */
  async put(
    positioningId: string,
    input: PutMessageInput,
    options: EditOptions = {},
  ): Promise<Written<Message>> {
    const { channel, persona, ...content } = parse(putMessageInput, input);
    const place = { positioningId: parse(idInput, positioningId), channel, persona };
    const expectedVersion = versionOf(options.expectedVersion);
    return this.#ws.write(
      {
        operation: { name: "messages.put", table },
        holds: expectedVersion === undefined ? [] : [holdDrafts(this.#ws, place.positioningId)],
        queries: [
          putMessage(this.#ws, { id: newId(), ...place }, { ...content, expectedVersion }),
          getDraft(this.#ws, place),
        ],
        input: [positioningId, input],
        settle: ([put, drafts]) => {
          edited(put, drafts, { entity, expectedVersion });
          return only(drafts, entity);
        },
      },
      options,
    );
  }

  /** Throws NotFound. */
  async get(id: string, options: CallOptions = {}): Promise<Message> {
    const target = parse(idInput, id);
    return this.#ws.read(
      {
        operation: { name: "messages.get", table },
        queries: [getMessage(this.#ws, target)],
        settle: ([rows]) => only(rows, entity),
      },
      options,
    );
  }

  /** Looks for claims without proof and the like. Throws NotFound. */
  async lint(id: string, options: CallOptions = {}): Promise<MessageLint> {
    return lintMessage(await this.get(id, options));
  }

  /**
   * Publishes a draft; the message that was published for its positioning, channel and persona is
   * superseded in the same moment. Throws NotFound, StaleVersion, IllegalTransition, Forbidden.
   */
  async publish(
    id: string,
    options: EditOptions = {},
  ): Promise<Written<{ published: Message; superseded: string | undefined }>> {
    const target = parse(idInput, id);
    return this.#ws.write(
      {
        operation: { name: "messages.publish", table },
        holds: holdVersion(this.#ws, { table, id: target }, options),
        queries: [publishMessage(this.#ws, target), getMessage(this.#ws, target)],
        input: target,
        settle: ([[outcome], rows]) => ({
          published: only(rows, entity),
          superseded: outcome?.superseded ?? undefined,
        }),
      },
      options,
    );
  }

  /**
   * The message to use: of those published for the segment's active positioning, the one for this persona before
   * the one for this channel before the one for all. `from` shows those that fit, the chosen one first. Throws
   * InvalidInput, NotFound when none fits.
   */
  async resolve(
    input: ResolveMessageInput,
    options: CallOptions = {},
  ): Promise<{ message: Message; from: readonly MessageSource[] }> {
    const place = parse(resolveMessageInput, input);
    return this.#ws.read(
      {
        operation: { name: "messages.resolve", table },
        queries: [fittingMessages(this.#ws, place)],
        settle: ([rows]) => {
          const [message] = rows;
          if (message === undefined) throw notFound(entity);
          return {
            message,
            from: rows.map(({ id, channel, persona }) => ({ id, channel, persona })),
          };
        },
      },
      options,
    );
  }
}
