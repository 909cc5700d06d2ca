import { asOfAny } from "../builder.ts";
import type { Query } from "../builder.ts";
import { edited, holdVersion, look, only, versionOf } from "../edit.ts";
import { FeedClient } from "../feeds/feeds.ts";
import type { Handle } from "../handle.ts";
import { optionsOfParts } from "../idempotency.ts";
import { newId } from "../ids.ts";
import { id as idInput, parse } from "../input.ts";
import { manyOutcomes } from "../many.ts";
import type { ItemOutcome } from "../many.ts";
import type { CallOptions, EditOptions, WriteOptions, Written } from "../options.ts";
import { paged } from "../page.ts";
import type { List } from "../page.ts";
import {
  clusterOf,
  getLink,
  getSignal,
  ingestSignals,
  linkSignal,
  overrideSignal,
  scoreOf,
  searchSignals,
  setSignalStatus,
  sightSignal,
  topSignals,
} from "./queries.ts";
import type { IngestedRow, LinkTarget, Observation } from "./queries.ts";
import {
  ingestInput,
  linkSignalInput,
  overrideInput,
  scoreInput,
  searchSignalsInput,
  sightInput,
  signalStatus,
  topSignalsInput,
  transitionSignalInput,
} from "./schemas.ts";
import type {
  IngestInput,
  LinkSignalInput,
  OverrideInput,
  ScoreInput,
  SearchSignalsInput,
  SightInput,
  TopSignalsInput,
  TransitionSignalInput,
} from "./schemas.ts";
import { toOverride, toSignal } from "./signal.ts";
import type {
  IngestedSignal,
  ScoredSignal,
  Signal,
  SignalCluster,
  SignalHit,
  SignalLink,
  SignalScore,
  SignalStatus,
} from "./signal.ts";

const entity = "signal";
const table = "intelligence_signals";
const linkTable = "signal_links";

/** Signals of a workspace: what was observed of the market. Written by analysts and above. */
export class SignalClient {
  readonly feeds: FeedClient;
  readonly #ws: Handle;

  constructor(ws: Handle) {
    this.#ws = ws;
    this.feeds = new FeedClient(ws);
  }

  /**
   * Takes an observation in. It is the same as one that is there when source and external id agree, else
   * the address, else title and body. Throws InvalidInput, Forbidden.
   */
  async ingest(input: IngestInput, options: WriteOptions = {}): Promise<Written<IngestedSignal>> {
    const observation = prepare(input);
    return this.#ws.write(
      {
        operation: { name: "signals.ingest", table },
        queries: [ingestSignals(this.#ws, [observation])],
        input,
        settle: ([rows]) => toIngested(only(rows, entity)),
      },
      options,
    );
  }

  /**
   * Takes many in, a thousand in one statement. The outcome of each stands at its place: a bad one does
   * not keep the others out. What was taken in before a connection broke stays, and is not counted again
   * under the same idempotency key. Near-duplicates of large batches are looked for in the background. In a
   * transaction or a batch the first that is refused undoes all, and is thrown. Throws what is no fault of one
   * of them: Forbidden, Unavailable …
   */
  async ingestMany(
    inputs: readonly IngestInput[],
    options: WriteOptions = {},
  ): Promise<readonly ItemOutcome<IngestedSignal>[]> {
    const optionsOf = optionsOfParts(options);
    return manyOutcomes<IngestInput, Observation, IngestedSignal>(inputs, {
      upTo: [1_000, 100, 10, 1],
      isAlone: this.#ws.isAlone,
      prepare,
      write: (observations, part) =>
        this.#ingest(observations, optionsOf(part), [ingestSignals(this.#ws, observations)]),
      ...(options.idempotencyKey === undefined
        ? {}
        : { keepRefused: (observations, part) => this.#ingest(observations, optionsOf(part), []) }),
    });
  }

  /** Throws NotFound. */
  async get(id: string, options: CallOptions = {}): Promise<Signal> {
    const target = parse(idInput, id);
    return this.#ws.read(
      {
        operation: { name: "signals.get", table },
        queries: [getSignal(this.#ws, target)],
        settle: ([rows]) => toSignal(only(rows, entity)),
      },
      options,
    );
  }

  /**
   * Counts one more sighting, from which the decay starts anew if it is the newest. A dismissed signal stays
   * as it is. It is no edit: the version stays. Throws NotFound, StaleVersion, Forbidden, and InvalidInput for the
   * future.
   */
  async sight(id: string, input: SightInput & EditOptions = {}): Promise<Written<Signal>> {
    const { signal, timeoutMs, idempotencyKey, expectedVersion, ...fields } = input;
    const target = parse(idInput, id);
    const { source, at } = parse(sightInput, fields);
    return this.#ws.write(
      {
        operation: { name: "signals.sight", table },
        holds: holdVersion(this.#ws, { table, id: target }, { expectedVersion }),
        queries: [
          sightSignal(this.#ws, target, { source, occurredAt: at }),
          getSignal(this.#ws, target),
        ],
        input: [target, fields],
        settle: ([, rows]) => toSignal(only(rows, entity)),
      },
      { signal, timeoutMs, idempotencyKey, expectedVersion },
    );
  }

  /**
   * Moves it to another state. Throws InvalidInput, IllegalTransition, NotFound, StaleVersion, Forbidden.
   */
  async transition(
    id: string,
    to: SignalStatus,
    input: TransitionSignalInput & EditOptions = {},
  ): Promise<Written<Signal>> {
    const { signal, timeoutMs, idempotencyKey, expectedVersion: expected, ...fields } = input;
    const expectedVersion = versionOf(expected);
    const target = parse(idInput, id);
    const status = parse(signalStatus, to);
    const { reason } = parse(transitionSignalInput, fields);
    return this.#ws.write(
      {
        operation: { name: "signals.transition", table },
        queries: [
          setSignalStatus(this.#ws, target, { to: status, reason, expectedVersion }),
          look(this.#ws, table, target),
        ],
        input: [target, status, reason],
        settle: ([rows, found]) => toSignal(edited(rows, found, { entity, expectedVersion })),
      },
      { signal, timeoutMs, idempotencyKey, expectedVersion },
    );
  }

  /**
   * Sets the score by hand, with a reason and for a time, or (null) lets the decayed one count again.
   * Throws NotFound, StaleVersion, Forbidden, and InvalidInput for an end that is past.
   */
  async override(
    id: string,
    override: OverrideInput,
    options: EditOptions = {},
  ): Promise<Written<Signal>> {
    const target = parse(idInput, id);
    const parsed = parse(overrideInput, override);
    const expectedVersion = versionOf(options.expectedVersion);
    return this.#ws.write(
      {
        operation: { name: "signals.override", table },
        queries: [
          overrideSignal(this.#ws, target, { override: parsed, expectedVersion }),
          look(this.#ws, table, target),
        ],
        input: [target, override],
        settle: ([rows, found]) => toSignal(edited(rows, found, { entity, expectedVersion })),
      },
      options,
    );
  }

  /**
   * Signals that a text is found in, highest score first (in mode fuzzy, score times likeness), with the
   * reasons. All pages are of one instant. Throws InvalidInput.
   */
  search(options: SearchSignalsInput & CallOptions): List<SignalHit> {
    const { signal, timeoutMs, ...input } = options;
    const { first, after, ...asked } = parse(searchSignalsInput, input);
    return paged(
      this.#ws,
      {
        operation: { name: "signals.search", table },
        cursor: { name: "signals.search", filter: asked, sort: "score" },
        page: { first, after },
        query: (page) => searchSignals(this.#ws, asked, page),
        keysOf: (row) => [row.cursorAt, row.cursorKey, row.id],
        keysCount: 3,
        toItem: (row) => ({ signal: toSignal(row), score: Number(row.score), why: row.why }),
      },
      { signal, timeoutMs },
    );
  }

  /** Open signals by their score at an instant, highest first. All pages are of one instant. Throws InvalidInput. */
  top(options: TopSignalsInput & CallOptions = {}): List<ScoredSignal> {
    const { signal, timeoutMs, ...input } = options;
    const { first, after, ...asked } = parse(topSignalsInput, input);
    return paged(
      this.#ws,
      {
        operation: { name: "signals.top", table },
        cursor: { name: "signals.top", filter: asked, sort: "score" },
        page: { first, after },
        query: (page) => topSignals(this.#ws, asked, page),
        keysOf: (row) => [row.cursorAt, row.cursorKey, row.id],
        keysCount: 3,
        toItem: (row) => ({ signal: toSignal(row), score: Number(row.score) }),
      },
      { signal, timeoutMs },
    );
  }

  /** Its score now, or at another instant, and where it comes from. Throws InvalidInput, NotFound. */
  async score(id: string, options: ScoreInput & CallOptions = {}): Promise<SignalScore> {
    const { signal, timeoutMs, ...input } = options;
    const target = parse(idInput, id);
    const { asOf } = parse(scoreInput, input);
    return this.#ws.read(
      {
        operation: { name: "signals.score", table },
        queries: [scoreOf(this.#ws, target, asOf)],
        settle: ([rows]) => {
          const { base, halfLife, validUntil, ...row } = only(rows, entity);
          const { decayed, score } = { decayed: Number(row.decayed), score: Number(row.score) };
          return { base, decayed, score, halfLife, validUntil, override: toOverride(row) };
        },
      },
      { signal, timeoutMs },
    );
  }

  /** The cluster that it belongs to; a signal alone is its own head. Throws NotFound. */
  async cluster(id: string, options: CallOptions = {}): Promise<SignalCluster> {
    const target = parse(idInput, id);
    return this.#ws.read(
      {
        operation: { name: "signals.cluster", table: linkTable },
        holds: [asOfAny],
        queries: [clusterOf(this.#ws, target)],
        settle: ([rows]) => ({
          head: toSignal(only(rows, entity)),
          members: rows.slice(1).map((row) => ({
            signal: toSignal(row),
            similarity: row.similarity === null ? null : Number(row.similarity),
          })),
          sources: new Set(rows.flatMap((row) => row.sources)).size,
        }),
      },
      options,
    );
  }

  /**
   * Says what a signal is about, or (headId) that it says nearly the same as another: it then joins the
   * cluster of that one. A second time changes nothing. Throws InvalidReference, InvalidInput, Forbidden,
   * and Conflict when it leads that cluster already.
   */
  async link(
    id: string,
    to: LinkSignalInput,
    options: WriteOptions = {},
  ): Promise<Written<SignalLink>> {
    const from = parse(idInput, id);
    const target = targetOf(parse(linkSignalInput, to));
    return this.#ws.write(
      {
        operation: { name: "signals.link", table: linkTable },
        queries: [linkSignal(this.#ws, from, target), getLink(this.#ws, from, target)],
        input: [from, to],
        settle: ([, rows]) => {
          const { similarity, ...link } = only(rows, "link");
          return { ...link, similarity: similarity === null ? null : Number(similarity) };
        },
      },
      options,
    );
  }

  async #ingest(
    observations: readonly Observation[],
    options: WriteOptions,
    queries: readonly Query<IngestedRow>[],
  ): Promise<readonly IngestedSignal[]> {
    return this.#ws.write(
      {
        operation: { name: "signals.ingestMany", table },
        queries,
        // Without the ids, which are new each time.
        input: observations.map(({ id, ...observation }) => observation),
        settle: ([rows = []]) => rows.map(toIngested),
      },
      options,
    );
  }
}

function prepare(input: IngestInput): Observation {
  return { ...parse(ingestInput, input), id: newId() };
}

function toIngested({ outcome, ...row }: IngestedRow): IngestedSignal {
  return { signal: toSignal(row), outcome };
}

function targetOf(to: LinkSignalInput): LinkTarget {
  if ("competitorId" in to) return { column: "competitor_id", id: to.competitorId };
  if ("cohortId" in to) return { column: "cohort_id", id: to.cohortId };
  if ("campaignId" in to) return { column: "campaign_id", id: to.campaignId };
  return { column: "head_id", id: to.headId };
}
