import type { IngestInput } from "@codex/sdk";
import {
  addFeedInput,
  id,
  ingestedSignalResult,
  ingestInput,
  linkSignalInput,
  listFeedsInput,
  listOf,
  overrideInput,
  pageOf,
  scoredSignalResult,
  scoreInput,
  searchSignalsInput,
  sightInput,
  signalClusterResult,
  signalFeedResult,
  signalHitResult,
  signalLinkResult,
  signalResult,
  signalScoreResult,
  signalStatus,
  topSignalsInput,
  transitionSignalInput,
  writtenOf,
} from "@codex/sdk/schemas";
import type { TRPCRouterRecord } from "@trpc/server";
import { z } from "zod";
import { shownAs } from "../contract/shown-as.ts";
import { bodyOf } from "../errors.ts";
import { mutation, query } from "../trpc.ts";
import { byId, editById, expectedVersion } from "./inputs.ts";

const written = writtenOf(signalResult);
const outcome = z.union([
  z.object({ ok: z.literal(true), value: ingestedSignalResult }),
  z.object({
    ok: z.literal(false),
    error: z.object({ code: z.string(), message: z.string(), retryable: z.boolean() }),
  }),
]);

const feeds = {
  add: mutation(
    {
      doc: "Has a feed (RSS, Atom, JSON Feed) read from now on: each of its entries becomes a signal, once.",
      role: "strategist",
      input: addFeedInput,
      output: writtenOf(signalFeedResult),
    },
    ({ ws, input, options }) => ws.signals.feeds.add(input, options),
  ),
  list: query(
    {
      doc: "Feeds that are read for signals, newest first, and how the last look at each ended.",
      role: "viewer",
      input: listFeedsInput,
      output: pageOf(signalFeedResult),
    },
    ({ ws, input, options }) => ws.signals.feeds.list({ ...input, ...options }),
  ),
  remove: mutation(
    {
      doc: "Has a feed read no more; its signals stay.",
      role: "strategist",
      input: editById,
      output: writtenOf(z.object({ id })),
    },
    ({ ws, input, options }) =>
      ws.signals.feeds.remove(input.id, { ...options, expectedVersion: input.expectedVersion }),
  ),
} satisfies TRPCRouterRecord;

export const signals = {
  ingest: mutation(
    {
      doc: "Takes an observation in: created, merged into the same one, or suppressed.",
      role: "analyst",
      input: ingestInput,
      output: writtenOf(ingestedSignalResult),
    },
    ({ ws, input, options }) => ws.signals.ingest(input, options),
  ),
  ingestMany: mutation(
    {
      doc: "Takes up to 1,000 observations in; the outcome of each stands at its place.",
      role: "analyst",
      // Each is checked by itself, so that a bad one does not keep the others out.
      input: z.strictObject({
        signals: z.array(shownAs<IngestInput>(ingestInput)).min(1).max(1_000),
      }),
      output: listOf(outcome),
      cost: 20,
    },
    async ({ ws, input, options }) => {
      const outcomes = await ws.signals.ingestMany(input.signals, options);
      return outcomes.map((one) =>
        one.ok ? one : { ok: false as const, error: bodyOf(one.error, "") },
      );
    },
  ),
  get: query(
    { doc: "One signal.", role: "viewer", input: byId, output: signalResult },
    ({ ws, input, options }) => ws.signals.get(input.id, options),
  ),
  sight: mutation(
    {
      doc: "Counts one more sighting; a dismissed signal stays as it is.",
      role: "analyst",
      input: z.strictObject({ id, ...sightInput.shape, expectedVersion }),
      output: written,
    },
    ({ ws, input: { id: target, ...input }, options }) =>
      ws.signals.sight(target, { ...input, ...options }),
  ),
  transition: mutation(
    {
      doc: "Moves it to another state; a refusal names those that can follow.",
      role: "analyst",
      input: z.strictObject({
        id,
        to: signalStatus,
        ...transitionSignalInput.shape,
        expectedVersion,
      }),
      output: written,
    },
    ({ ws, input: { id: target, to, ...input }, options }) =>
      ws.signals.transition(target, to, { ...input, ...options }),
  ),
  override: mutation(
    {
      doc: "Sets the score by hand, with a reason and for a time; null lets the decayed one count again.",
      role: "analyst",
      input: z.strictObject({ id, override: overrideInput, expectedVersion }),
      output: written,
    },
    ({ ws, input, options }) =>
      ws.signals.override(input.id, input.override, {
        ...options,
        expectedVersion: input.expectedVersion,
      }),
  ),
  search: query(
    {
      doc: "Signals that a text is found in, highest score first, with the reasons.",
      role: "viewer",
      input: searchSignalsInput,
      output: pageOf(signalHitResult),
      cost: 3,
    },
    ({ ws, input, options }) => ws.signals.search({ ...input, ...options }),
  ),
  top: query(
    {
      doc: "Open signals by their score at an instant, highest first.",
      role: "viewer",
      input: topSignalsInput,
      output: pageOf(scoredSignalResult),
    },
    ({ ws, input, options }) => ws.signals.top({ ...input, ...options }),
  ),
  score: query(
    {
      doc: "A signal's score at an instant, and where it comes from.",
      role: "viewer",
      input: z.strictObject({ id, ...scoreInput.shape }),
      output: signalScoreResult,
    },
    ({ ws, input: { id: target, ...input }, options }) =>
      ws.signals.score(target, { ...input, ...options }),
  ),
  cluster: query(
    {
      doc: "The signals that say nearly the same as this one, and which of them leads.",
      role: "viewer",
      input: byId,
      output: signalClusterResult,
      cost: 2,
    },
    ({ ws, input, options }) => ws.signals.cluster(input.id, options),
  ),
  link: mutation(
    {
      doc: "Says what a signal is about, or which one it says nearly the same as.",
      role: "analyst",
      input: z.strictObject({ id, to: linkSignalInput }),
      output: writtenOf(signalLinkResult),
    },
    ({ ws, input, options }) => ws.signals.link(input.id, input.to, options),
  ),
  feeds,
} satisfies TRPCRouterRecord;
