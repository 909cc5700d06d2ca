/** Makes the client of a Codex database. */
export { createCodex } from "./codex.ts";
export type { Codex, CodexOptions, Connection } from "./codex.ts";
export type { Acting, Actor, Needs } from "./actor.ts";
/** What `check()` found, and the schema that this SDK needs. */
export { schemaVersion } from "./check.ts";
export type { CheckReport } from "./check.ts";
/** A workspace, its clients, and background work in it. */
export type { Clients, TransactionOptions, Workspace } from "./workspace.ts";
export type { System, SystemWorkspaces } from "./system.ts";
/** What is done without anybody asking: the work of `apps/worker`. */
export type { Background, RetentionCount } from "./background/background.ts";
export type {
  ClaimedDelivery,
  DeliveryQueue,
  ReleasedDeliveries,
} from "./background/delivery-queue.ts";
export type { ClaimedFeed, FeedQueue } from "./background/feed-queue.ts";
export { retentionKinds, workKinds } from "./background/kinds.ts";
export type { RetentionKind, WorkKind } from "./background/kinds.ts";
export type {
  ClaimDeliveriesInput,
  ClaimInput,
  FailDeliveryInput,
  FailFeedInput,
  RetentionInput,
  RunRetentionInput,
  StoreFeedInput,
} from "./background/schemas.ts";
/** The one error, and a test for it. */
export { CodexError, isCodexError } from "./errors.ts";
export type { CodexErrorCode, CodexErrorDetail, InputIssue } from "./errors.ts";
/** Options and results that all clients share. */
export type { CallOptions, EditOptions, WriteOptions, Written } from "./options.ts";
export type { List, ListOptions, Page } from "./page.ts";
export type { ItemOutcome } from "./many.ts";
export type { Money } from "./money.ts";
/** People and workspaces. */
export type { People, Person } from "./people/people.ts";
export type { EnsurePersonInput } from "./people/schemas.ts";
export type {
  ApiKey,
  Invitation,
  ListedInvitation,
  Member,
  Workspace as WorkspaceRecord,
  WorkspaceOfPerson,
  Workspaces,
} from "./workspaces/workspaces.ts";
export type { ApiKeys } from "./workspaces/api-keys.ts";
export type { Members } from "./workspaces/members.ts";
export type {
  CreateApiKeyInput,
  CreateWorkspaceInput,
  InviteInput,
  Role,
} from "./workspaces/schemas.ts";
/** Positioning and messages. */
export type {
  Positioning,
  PositioningCheck,
  PositioningClient,
  PositioningComponent,
} from "./positioning/positioning.ts";
export type {
  CreatePositioningInput,
  ForkPositioningInput,
  ListPositioningsInput,
  UpdatePositioningInput,
} from "./positioning/schemas.ts";
export type { Message, MessageClient, MessageSource } from "./messages/messages.ts";
export type { MessageLint } from "./messages/lint.ts";
export type { PutMessageInput, ResolveMessageInput } from "./messages/schemas.ts";
/** Campaigns, quests and cohorts. */
export type {
  Campaign,
  CampaignNode,
  CampaignObjective,
  CampaignStatus,
} from "./campaigns/campaign.ts";
export type { CampaignClient } from "./campaigns/campaigns.ts";
export type { CampaignHealth, CampaignRollup } from "./campaigns/rollup.ts";
export type {
  CreateCampaignInput,
  ListCampaignsInput,
  MoveCampaignInput,
  UpdateCampaignInput,
} from "./campaigns/schemas.ts";
export type { Quest, QuestClient, QuestNode, QuestProgress, QuestStatus } from "./quests/quests.ts";
export type {
  CompleteQuestInput,
  CreateQuestInput,
  MoveQuestInput,
  QuestTreeInput,
  ReportInput,
  UpdateQuestInput,
} from "./quests/schemas.ts";
export type { CampaignCohort, Cohort, CohortClient, CohortOverlap } from "./cohorts/cohorts.ts";
export type {
  AttachCohortInput,
  CreateCohortInput,
  ListCohortsInput,
  RecordReachInput,
} from "./cohorts/schemas.ts";
/** Achievements, points, activity, figures and boards. */
export type {
  Achievement,
  Award,
  ListedAchievement,
  Unlocked,
  UnlockRefusal,
} from "./achievements/achievement.ts";
export type {
  AchievementClient,
  ActivatedAchievement,
  RevokedAward,
} from "./achievements/achievements.ts";
export type { OpenBadge } from "./achievements/badge.ts";
export type {
  ActivateAchievementInput,
  DefineAchievementInput,
  ListAchievementsInput,
  ListAwardsInput,
  RevokeAwardInput,
  UnlockAchievementInput,
} from "./achievements/schemas.ts";
export type { PointsClient, PointsDrift, PointsEntry, Reconciliation } from "./points/points.ts";
export type { AdjustPointsInput, PointsHistoryInput } from "./points/schemas.ts";
export type { ActivityClient, ActivityRule, RecordedActivity } from "./activity/activity.ts";
export type { ActivityRuleInput, RecordActivityInput } from "./activity/schemas.ts";
export type { Stats, StatsClient, Streak, Visibility } from "./stats/stats.ts";
export type { LeaderboardClient, Place, Rank } from "./leaderboards/leaderboards.ts";
export type {
  LeaderboardAroundInput,
  LeaderboardRankInput,
  LeaderboardTopInput,
} from "./leaderboards/schemas.ts";
/** Alerts and silences. */
export type { AlertClient } from "./alerts/alerts.ts";
export type {
  Alert,
  AlertEvent,
  AlertEventKind,
  AlertGroup,
  AlertSeverity,
  AlertStatus,
  AlertSuppression,
  AlertType,
  ExplainedStep,
  TriggeredAlert,
} from "./alerts/alert.ts";
export type {
  EndAlertInput,
  GroupAlertsInput,
  ListAlertsInput,
  SnoozeAlertInput,
  SubscribeAlertsInput,
  TimelineInput,
  TriggerAlertInput,
} from "./alerts/schemas.ts";
export type { Matcher, Silence, SilenceClient, SilenceState } from "./silences/silences.ts";
export type { CreateSilenceInput, ListSilencesInput } from "./silences/schemas.ts";
/** Notifications, and how they reach people and other systems. */
export type { NotificationClient, SentNotification } from "./notifications/notifications.ts";
export type { InboxClient } from "./notifications/inbox.ts";
export type {
  InboxArrival,
  InboxCounts,
  InboxItem,
  InboxPage,
  SkippedRecipient,
} from "./notifications/inbox-item.ts";
export type {
  ListInboxInput,
  MarkAllReadInput,
  NotificationMark,
  SendNotificationInput,
  SnoozeInput,
  SubscribeInboxInput,
} from "./notifications/schemas.ts";
export type {
  DeliveryPreview,
  NotificationChannel,
  PreferenceClient,
  Preferences,
  QuietHours,
} from "./preferences/preferences.ts";
export type { PreviewInput, SetPreferencesInput } from "./preferences/schemas.ts";
export type { Delivery, DeliveryClient } from "./deliveries/deliveries.ts";
export type { ListDeliveriesInput } from "./deliveries/schemas.ts";
export type { WebhookClient, WebhookEndpoint } from "./webhooks/webhooks.ts";
export type { CreateWebhookInput, RotateSecretInput } from "./webhooks/schemas.ts";
/** Agents, assignments, executions and performance. */
export type {
  Agent,
  Capability,
  FoundAgent,
  Guild,
  Health,
  WorkerHeartbeat,
} from "./agents/agent.ts";
export type { AgentClient, CapabilityClient } from "./agents/agents.ts";
export type { AgentCard, AgentSkill } from "./agents/card-schema.ts";
export type { AgentRegistry, CapabilityRegistry } from "./agents/registry.ts";
export type {
  CapabilityInput,
  DeprecateAgentInput,
  FindAgentsInput,
  HeartbeatAgentInput,
  ListAgentsInput,
  RegisterAgentInput,
} from "./agents/schemas.ts";
export type { Assignment, AssignmentClient, AssignmentStatus } from "./assignments/assignments.ts";
export type { AssignInput, ListAssignmentsInput } from "./assignments/schemas.ts";
export type {
  ClaimedExecution,
  Execution,
  ExecutionStatus,
  Lease,
  Priority,
  ReapedExecution,
  Usage,
} from "./executions/execution.ts";
export type { ExecutionClient } from "./executions/executions.ts";
export type {
  CancelExecutionInput,
  ClaimExecutionsInput,
  CompleteExecutionInput,
  FailExecutionInput,
  ListExecutionsInput,
  ReapExecutionsInput,
  StartExecutionInput,
  WatchExecutionInput,
} from "./executions/schemas.ts";
export type { PerformanceClient, PerformanceSummary } from "./performance/performance.ts";
export type { PerformanceInput } from "./performance/schemas.ts";
/** Signals and cohorts out of CSV and JSON. */
export { importCohorts, importSignals } from "./imports/imports.ts";
export type { Imported, ImportedLine, ImportOptions } from "./imports/imports.ts";
export type { ImportFormat } from "./imports/lines.ts";
/** Signals and insights. */
export type {
  IngestedSignal,
  ScoredSignal,
  Signal,
  SignalCategory,
  SignalCluster,
  SignalHit,
  SignalKind,
  SignalLink,
  SignalOverride,
  SignalScore,
  SignalStatus,
} from "./signals/signal.ts";
export type { SignalClient } from "./signals/signals.ts";
export type { FeedClient, SignalFeed } from "./feeds/feeds.ts";
export type { AddFeedInput, ListFeedsInput } from "./feeds/schemas.ts";
export type {
  IngestInput,
  LinkSignalInput,
  OverrideInput,
  ScoreInput,
  SearchSignalsInput,
  SightInput,
  TopSignalsInput,
  TransitionSignalInput,
} from "./signals/schemas.ts";
export type {
  Insight,
  InsightClient,
  InsightEvidence,
  InsightStatus,
  InsightType,
} from "./insights/insights.ts";
export type {
  CreateInsightInput,
  EvidenceInput,
  ListInsightsInput,
  RetractInput,
  SupersedeInput,
} from "./insights/schemas.ts";
/** Events, and the types that they have. */
export { eventTypes } from "@codex/db";
export type { EventType } from "@codex/db";
export type { Event, EventClient } from "./events/events.ts";
export type { SubscribeInput } from "./events/schemas.ts";
/** For a server that serves apps: events of many workspaces, tickets, and who may still hold a stream. */
export type { EventFeed, Head } from "./events/feed.ts";
export type { EventPosition } from "./events/from-now.ts";
export type { AccessClient, StreamHolder, StreamTicket } from "./access/access.ts";
/** Recognises an API key. */
export { workspaceOfKey } from "./workspaces/secrets.ts";
