import { asOfAny } from "../builder.ts";
import type { Query } from "../builder.ts";
import { edited, look, only, versionOf } from "../edit.ts";
import { isCodexError } from "../errors.ts";
import type { Handle } from "../handle.ts";
import { optionsOfParts } from "../idempotency.ts";
import { newId } from "../ids.ts";
import { id as idInput, parse } from "../input.ts";
import { manyOutcomes } from "../many.ts";
import type { ItemOutcome } from "../many.ts";
import type { CallOptions, EditOptions, WriteOptions, Written } from "../options.ts";
import { paged } from "../page.ts";
import type { List } from "../page.ts";
import { toCampaign, toTree } from "./campaign.ts";
import type { Campaign, CampaignNode, CampaignRow, CampaignStatus } from "./campaign.ts";
import {
  campaignTree,
  getCampaign,
  holdCampaign,
  insertCampaigns,
  listCampaigns,
  rollupOf,
  setStatus,
  updateCampaign,
} from "./queries.ts";
import type { NewCampaign } from "./queries.ts";
import { toRollup } from "./rollup.ts";
import type { CampaignRollup } from "./rollup.ts";
import {
  campaignStatus,
  createCampaignInput,
  listCampaignsInput,
  moveCampaignInput,
  updateCampaignInput,
} from "./schemas.ts";
import type {
  CreateCampaignInput,
  ListCampaignsInput,
  MoveCampaignInput,
  UpdateCampaignInput,
} from "./schemas.ts";

const entity = "campaign";
const table = "campaigns";

/** Campaigns of a workspace. Written by creators and above. */
export class CampaignClient {
  readonly #ws: Handle;

  constructor(ws: Handle) {
    this.#ws = ws;
  }

  /** Makes a draft. Throws InvalidInput, InvalidReference, Forbidden. */
  async create(input: CreateCampaignInput, options: WriteOptions = {}): Promise<Written<Campaign>> {
    const parsed = parse(createCampaignInput, input);
    return this.#ws.write(
      {
        operation: { name: "campaigns.create", table },
        queries: [insertCampaigns(this.#ws, [{ id: newId(), ...parsed }])],
        input,
        settle: ([rows]) => toCampaign(only(rows, entity)),
      },
      options,
    );
  }

  /**
   * Makes many drafts, a hundred in one statement. The outcome of each stands at its place: a bad one does not
   * keep the others from being made. What was made before a connection broke stays made, and is not made again
   * under the same idempotency key. In a transaction or a batch the first that is refused undoes all, and is
   * thrown. Throws InvalidInput.
   */
  async createMany(
    inputs: readonly CreateCampaignInput[],
    options: WriteOptions = {},
  ): Promise<readonly ItemOutcome<Campaign>[]> {
    const optionsOf = optionsOfParts(options);
    return manyOutcomes<CreateCampaignInput, NewCampaign, Campaign>(inputs, {
      isAlone: this.#ws.isAlone,
      prepare: (input) => ({ id: newId(), ...parse(createCampaignInput, input) }),
      write: (campaigns, part) =>
        this.#insert(campaigns, optionsOf(part), [insertCampaigns(this.#ws, campaigns)]),
      ...(options.idempotencyKey === undefined
        ? {}
        : { keepRefused: (campaigns, part) => this.#insert(campaigns, optionsOf(part), []) }),
    });
  }

  /** Throws NotFound. */
  async get(id: string, options: CallOptions = {}): Promise<Campaign> {
    const target = parse(idInput, id);
    return this.#ws.read(
      {
        operation: { name: "campaigns.get", table },
        queries: [getCampaign(this.#ws, target)],
        settle: ([rows]) => toCampaign(only(rows, entity)),
      },
      options,
    );
  }

  /** As `get`, but gives undefined when there is none. */
  async find(id: string, options: CallOptions = {}): Promise<Campaign | undefined> {
    try {
      return await this.get(id, options);
    } catch (error) {
      if (isCodexError(error, "NotFound")) return undefined;
      throw error;
    }
  }

  /** Campaigns, newest first unless sorted otherwise. Throws InvalidInput. */
  list(options: ListCampaignsInput & CallOptions = {}): List<Campaign> {
    const { signal, timeoutMs, ...input } = options;
    const { filter, sort, ...page } = parse(listCampaignsInput, input);
    return paged(
      this.#ws,
      {
        operation: { name: "campaigns.list", table },
        cursor: { name: "campaigns", filter, sort },
        page,
        query: (asked) => listCampaigns(this.#ws, filter, { ...asked, sort }),
        keysOf: (row) => [row.cursorAt, row.id],
        keysCount: 2,
        toItem: toCampaign,
      },
      { signal, timeoutMs },
    );
  }

  /** Changes the fields given. Throws NotFound, StaleVersion, InvalidInput, InvalidReference, Forbidden. */
  async update(
    id: string,
    change: UpdateCampaignInput,
    options: EditOptions = {},
  ): Promise<Written<Campaign>> {
    const target = parse(idInput, id);
    const parsed = parse(updateCampaignInput, change);
    const expectedVersion = versionOf(options.expectedVersion);
    return this.#ws.write(
      {
        operation: { name: "campaigns.update", table },
        queries: [
          updateCampaign(this.#ws, target, { ...parsed, expectedVersion }),
          look(this.#ws, table, target),
        ],
        input: [target, change],
        settle: ([rows, found]) => toCampaign(edited(rows, found, { entity, expectedVersion })),
      },
      options,
    );
  }

  /**
   * Moves it to another state. Throws InvalidInput, IllegalTransition with the states that can follow, Conflict
   * when it lacks what `active` needs, NotFound, StaleVersion, Forbidden.
   */
  async transition(
    id: string,
    to: CampaignStatus,
    options: EditOptions = {},
  ): Promise<Written<Campaign>> {
    const target = parse(idInput, id);
    const status = parse(campaignStatus, to);
    const expectedVersion = versionOf(options.expectedVersion);
    return this.#ws.write(
      {
        operation: { name: "campaigns.transition", table },
        holds: [holdCampaign(this.#ws, target, status)],
        queries: [
          setStatus(this.#ws, target, { to: status, expectedVersion }),
          look(this.#ws, table, target),
        ],
        input: [target, status],
        settle: ([rows, found]) => toCampaign(edited(rows, found, { entity, expectedVersion })),
      },
      options,
    );
  }

  /** Puts a completed campaign away; it stays readable. Throws as `transition`. */
  async archive(id: string, options: EditOptions = {}): Promise<Written<Campaign>> {
    return this.transition(id, "archived", options);
  }

  /** Makes it a part of another, or of none. Throws InvalidInput for a circle or a sixth level, and as `update`. */
  async move(
    id: string,
    to: MoveCampaignInput,
    options: EditOptions = {},
  ): Promise<Written<Campaign>> {
    const target = parse(idInput, id);
    const { parentId } = parse(moveCampaignInput, to);
    const expectedVersion = versionOf(options.expectedVersion);
    return this.#ws.write(
      {
        operation: { name: "campaigns.move", table },
        queries: [
          updateCampaign(this.#ws, target, { parentId, expectedVersion }),
          look(this.#ws, table, target),
        ],
        input: [target, parentId],
        settle: ([rows, found]) => toCampaign(edited(rows, found, { entity, expectedVersion })),
      },
      options,
    );
  }

  /** The campaign with everything under it. Throws NotFound. */
  async tree(rootId: string, options: CallOptions = {}): Promise<CampaignNode> {
    const target = parse(idInput, rootId);
    return this.#ws.read(
      {
        operation: { name: "campaigns.tree", table },
        holds: [asOfAny],
        queries: [campaignTree(this.#ws, target)],
        settle: ([rows]) => {
          // The root's own parent is not among them.
          const nodes = rows.map((row) => toCampaign(row));
          const roots = toTree(nodes);
          return only(roots, entity);
        },
      },
      options,
    );
  }

  /** Progress, health, budget and audience of the campaign and everything under it. Throws NotFound. */
  async rollup(id: string, options: CallOptions = {}): Promise<CampaignRollup> {
    const target = parse(idInput, id);
    return this.#ws.read(
      {
        operation: { name: "campaigns.rollup", table },
        holds: [asOfAny],
        queries: [rollupOf(this.#ws, target)],
        settle: ([rows]) => toRollup(only(rows, entity)),
      },
      options,
    );
  }

  async #insert(
    campaigns: readonly NewCampaign[],
    options: WriteOptions,
    queries: readonly Query<CampaignRow>[],
  ): Promise<readonly Campaign[]> {
    return this.#ws.write(
      {
        operation: { name: "campaigns.createMany", table },
        queries,
        // Without the ids, which are new each time.
        input: campaigns.map(({ id, ...campaign }) => campaign),
        settle: ([rows = []]) => rows.map((row) => toCampaign(row)),
      },
      options,
    );
  }
}
