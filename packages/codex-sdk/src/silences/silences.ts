import { edited, only, versionOf } from "../edit.ts";
import type { Handle } from "../handle.ts";
import { newId } from "../ids.ts";
import { id as idInput, parse } from "../input.ts";
import type { CallOptions, EditOptions, WriteOptions, Written } from "../options.ts";
import { paged } from "../page.ts";
import type { List } from "../page.ts";
import {
  countCovered,
  createSilence,
  expireSilence,
  listSilences,
  lookAtSilence,
} from "./queries.ts";
import { createSilenceInput, listSilencesInput } from "./schemas.ts";
import type { matcherOperators, silenceStates } from "./schemas.ts";
import type { CreateSilenceInput, ListSilencesInput } from "./schemas.ts";

/** What a label of an alert must be. */
export interface Matcher {
  /** A label's name, or type, severity or source. */
  readonly label: string;
  readonly op: (typeof matcherOperators)[number];
  readonly value: string;
}

export type SilenceState = (typeof silenceStates)[number];

/** A time in which alerts that match are told to nobody. They open, are counted and are listed. */
export interface Silence {
  readonly id: string;
  /** Every one of them, on labels that an alert has. */
  readonly matchers: readonly Matcher[];
  /** As the clock has it. */
  readonly state: SilenceState;
  readonly startsAt: Date;
  readonly endsAt: Date;
  readonly comment: string;
  readonly createdBy: string | null;
  readonly version: number;
  readonly createdAt: Date;
  readonly updatedAt: Date;
}

const entity = "silence";
const table = "alert_silences";

/** Silences over alerts of a workspace. Read by everybody, made by strategists and above. */
export class SilenceClient {
  readonly #ws: Handle;

  constructor(ws: Handle) {
    this.#ws = ws;
  }

  /**
   * Silences the alerts that every matcher matches, from now or `startsAt` on; `matchesNow` counts those that
   * are open. It ends by the clock, and what is open by then is told. Throws InvalidInput, Forbidden.
   */
  async create(
    input: CreateSilenceInput,
    options: WriteOptions = {},
  ): Promise<Written<Silence & { readonly matchesNow: number }>> {
    const parsed = parse(createSilenceInput, input);
    const id = newId();
    return this.#ws.write(
      {
        operation: { name: "silences.create", table },
        queries: [createSilence(this.#ws, { id, ...parsed }), countCovered(this.#ws, id)],
        input,
        settle: ([rows, counted]) => ({
          ...only(rows, entity),
          matchesNow: Number(only(counted, entity).matchesNow),
        }),
      },
      options,
    );
  }

  /**
   * Ends it now; what is open and waited for its end is due. One that has ended stays as it is. Throws
   * NotFound, StaleVersion, Forbidden.
   */
  async expire(id: string, options: EditOptions = {}): Promise<Written<Silence>> {
    const target = parse(idInput, id);
    const expectedVersion = versionOf(options.expectedVersion);
    return this.#ws.write(
      {
        operation: { name: "silences.expire", table },
        queries: [
          expireSilence(this.#ws, target, expectedVersion),
          lookAtSilence(this.#ws, target),
        ],
        input: target,
        settle: ([rows, found]) => edited(rows, found, { entity, expectedVersion }),
      },
      options,
    );
  }

  /** Silences, newest first unless sorted otherwise. Throws InvalidInput. */
  list(options: ListSilencesInput & CallOptions = {}): List<Silence> {
    const { signal, timeoutMs, ...input } = options;
    const { filter, sort, ...page } = parse(listSilencesInput, input);
    return paged(
      this.#ws,
      {
        operation: { name: "silences.list", table },
        cursor: { name: "silences", filter, sort },
        page,
        query: (asked) => listSilences(this.#ws, filter, { ...asked, sort }),
        keysOf: (row) => [row.cursorAt, row.id],
        keysCount: 2,
        toItem: ({ cursorAt, ...row }): Silence => row,
      },
      { signal, timeoutMs },
    );
  }
}
