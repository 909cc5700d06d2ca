/** Makes a client: calls that are safe to try again, streams that come back, errors as CodexError. */
export { createCodexClient } from "./client.ts";
export type { CodexClient } from "./client.ts";
export type { CodexClientSettings, Delays } from "./settings.ts";
export type { EventSourceConstructor } from "./event-source.ts";
/** What a call may be given beside its input: its idempotency key. */
export type { CallContext } from "./call-context.ts";

/** The one error, and the test for it; the same class as the SDK's. */
export { CodexError, isCodexError } from "@codex/sdk/errors";
export type { CodexErrorCode, InputIssue } from "@codex/sdk/errors";
export type { ErrorBody, RouterErrorShape } from "./error-shape.ts";

/** The router's type, for tRPC's own tools, and what its procedures take and give. */
export type { AppRouter } from "./generated/router.ts";
export type { Inputs, Outputs } from "./inference.ts";
/** Shapes that several procedures share. */
export type {
  Campaign,
  CampaignNode,
  CampaignRollup,
  Cohort,
  Event,
  Member,
  Message,
  Money,
  Positioning,
  Quest,
  QuestNode,
  Workspace,
} from "./generated/router.ts";
/** Version of the API's contract that these types are of. */
export { contractVersion } from "./generated/router.ts";
