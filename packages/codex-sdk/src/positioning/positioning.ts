import { edited, holdVersion, look, only, versionOf } from "../edit.ts";
import type { Handle } from "../handle.ts";
import { newId } from "../ids.ts";
import { anyText, id as idInput, parse } from "../input.ts";
import type { CallOptions, EditOptions, WriteOptions, Written } from "../options.ts";
import { paged } from "../page.ts";
import type { List } from "../page.ts";
import {
  createPositioning,
  getPositioning,
  historyOf,
  listPositionings,
  missingComponents,
  publishPositioning,
  retractPositioning,
  updatePositioning,
} from "./queries.ts";
import {
  createPositioningInput,
  forkPositioningInput,
  listPositioningsInput,
  updatePositioningInput,
} from "./schemas.ts";
import type {
  CreatePositioningInput,
  ForkPositioningInput,
  ListPositioningsInput,
  UpdatePositioningInput,
} from "./schemas.ts";

/** How a product is placed for one market segment, in one of its revisions. */
export interface Positioning {
  readonly id: string;
  readonly segment: string;
  /** 1, 2, 3 … within the segment. */
  readonly revision: number;
  readonly name: string;
  readonly status: "draft" | "active" | "superseded" | "retracted";
  readonly competitiveAlternatives: string[];
  readonly uniqueAttributes: string[];
  readonly valueThemes: string[];
  readonly bestFitCustomers: string;
  readonly marketCategory: string;
  readonly forkedFromId: string | null;
  readonly publishedAt: Date | null;
  /** When it was superseded or retracted. */
  readonly endedAt: Date | null;
  readonly createdBy: string | null;
  readonly version: number;
  readonly createdAt: Date;
  readonly updatedAt: Date;
}

/** The five components of a positioning, without which it is not published. */
export type PositioningComponent =
  | "competitiveAlternatives"
  | "uniqueAttributes"
  | "valueThemes"
  | "bestFitCustomers"
  | "marketCategory";

/** Whether a positioning can be published. */
export interface PositioningCheck {
  readonly complete: boolean;
  readonly missing: readonly PositioningComponent[];
}

const entity = "positioning";
const table = "positioning";

/** Positionings of a workspace. Written by strategists and owners. */
export class PositioningClient {
  readonly #ws: Handle;

  constructor(ws: Handle) {
    this.#ws = ws;
  }

  /** Makes a draft, the next revision of its segment. Throws InvalidInput, Forbidden. */
  async create(
    input: CreatePositioningInput,
    options: WriteOptions = {},
  ): Promise<Written<Positioning>> {
    const parsed = parse(createPositioningInput, input);
    return this.#ws.write(
      {
        operation: { name: "positioning.create", table },
        queries: [createPositioning(this.#ws, { id: newId(), ...parsed })],
        input,
        settle: ([rows]) => only(rows, entity),
      },
      options,
    );
  }

  /**
   * Changes a draft. Throws InvalidInput, NotFound, StaleVersion, Forbidden, and Conflict once it is published.
   */
  async update(
    id: string,
    change: UpdatePositioningInput,
    options: EditOptions = {},
  ): Promise<Written<Positioning>> {
    const parsed = parse(updatePositioningInput, change);
    const expectedVersion = versionOf(options.expectedVersion);
    const target = parse(idInput, id);
    return this.#ws.write(
      {
        operation: { name: "positioning.update", table },
        queries: [
          updatePositioning(this.#ws, target, { ...parsed, expectedVersion }),
          look(this.#ws, table, target),
        ],
        input: [target, change],
        settle: ([rows, found]) => edited(rows, found, { entity, expectedVersion }),
      },
      options,
    );
  }

  /**
   * Makes a draft out of any positioning, for the same segment or another. Two round trips. Throws InvalidInput,
   * NotFound, Forbidden.
   */
  async fork(
    id: string,
    input: ForkPositioningInput = {},
    options: WriteOptions = {},
  ): Promise<Written<Positioning>> {
    const { segment, name } = parse(forkPositioningInput, input);
    const original = await this.get(id, options);
    const draft = {
      ...original,
      id: newId(),
      segment: segment ?? original.segment,
      name: name ?? original.name,
      forkedFromId: original.id,
    };
    return this.#ws.write(
      {
        operation: { name: "positioning.fork", table },
        queries: [createPositioning(this.#ws, draft)],
        input: [id, input],
        settle: ([rows]) => only(rows, entity),
      },
      options,
    );
  }

  /** Tells which of the five components are missing. Throws NotFound. */
  async check(id: string, options: CallOptions = {}): Promise<PositioningCheck> {
    const target = parse(idInput, id);
    return this.#ws.read(
      {
        operation: { name: "positioning.check", table },
        queries: [missingComponents(this.#ws, target)],
        settle: ([rows]) => {
          const missing = only(rows, entity).missing.map(toComponent);
          return { complete: missing.length === 0, missing };
        },
      },
      options,
    );
  }

  /**
   * Makes a draft the active positioning of its segment; the one before is superseded in the same
   * moment. Throws NotFound, StaleVersion, InvalidInput when a component is missing, IllegalTransition, Forbidden.
   */
  async publish(
    id: string,
    options: EditOptions = {},
  ): Promise<Written<{ active: Positioning; superseded: string | undefined }>> {
    const target = parse(idInput, id);
    return this.#ws.write(
      {
        operation: { name: "positioning.publish", table },
        holds: holdVersion(this.#ws, { table, id: target }, options),
        queries: [publishPositioning(this.#ws, target), getPositioning(this.#ws, target)],
        input: target,
        settle: ([[outcome], rows]) => ({
          active: only(rows, entity),
          superseded: outcome?.superseded ?? undefined,
        }),
      },
      options,
    );
  }

  /** Takes a draft or the active one back for good. Throws NotFound, IllegalTransition, StaleVersion, Forbidden. */
  async retract(id: string, options: EditOptions = {}): Promise<Written<Positioning>> {
    const target = parse(idInput, id);
    const expectedVersion = versionOf(options.expectedVersion);
    return this.#ws.write(
      {
        operation: { name: "positioning.retract", table },
        queries: [
          retractPositioning(this.#ws, target, expectedVersion),
          look(this.#ws, table, target),
        ],
        input: target,
        settle: ([rows, found]) => edited(rows, found, { entity, expectedVersion }),
      },
      options,
    );
  }

  /** Throws NotFound. */
  async get(id: string, options: CallOptions = {}): Promise<Positioning> {
    const target = parse(idInput, id);
    return this.#ws.read(
      {
        operation: { name: "positioning.get", table },
        queries: [getPositioning(this.#ws, target)],
        settle: ([rows]) => only(rows, entity),
      },
      options,
    );
  }

  /** Positionings, newest first unless sorted otherwise. Throws InvalidInput. */
  list(options: ListPositioningsInput & CallOptions = {}): List<Positioning> {
    const { signal, timeoutMs, ...input } = options;
    const { filter, sort, ...page } = parse(listPositioningsInput, input);
    return paged(
      this.#ws,
      {
        operation: { name: "positioning.list", table },
        cursor: { name: "positioning", filter, sort },
        page,
        query: (asked) => listPositionings(this.#ws, filter, { ...asked, sort }),
        keysOf: (row) => [row.cursorAt, row.id],
        keysCount: 2,
        toItem: ({ cursorAt, ...row }): Positioning => row,
      },
      { signal, timeoutMs },
    );
  }

  /** All revisions of a segment, the newest first; at most 1,000, none for one that is not there. Throws InvalidInput. */
  async history(segment: string, options: CallOptions = {}): Promise<readonly Positioning[]> {
    const parsed = parse(anyText(1, 100), segment);
    return this.#ws.read(
      {
        operation: { name: "positioning.history", table },
        queries: [historyOf(this.#ws, parsed)],
        settle: ([rows]) => rows,
      },
      options,
    );
  }
}

function toComponent(column: string): PositioningComponent {
  return column.replaceAll(/_(\w)/gu, (_, letter: string) =>
    letter.toUpperCase(),
  ) as PositioningComponent; // codex.missing_components gives the five columns
}
