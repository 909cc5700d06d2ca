/** Schemas (zod) of everything that callers pass in; nothing here reaches a database driver. */
/** Parses input with one of them as the clients do, or throws InvalidInput. */
export { parse } from "./input.ts";
export { ensurePersonInput } from "./people/schemas.ts";
export {
  createApiKeyInput,
  createWorkspaceInput,
  inviteInput,
  role,
  roles,
} from "./workspaces/schemas.ts";
export {
  createPositioningInput,
  forkPositioningInput,
  listPositioningsInput,
  positioningStatuses,
  updatePositioningInput,
} from "./positioning/schemas.ts";
export { putMessageInput, resolveMessageInput } from "./messages/schemas.ts";
export {
  campaignObjectives,
  campaignStatus,
  campaignStatuses,
  createCampaignInput,
  listCampaignsInput,
  moveCampaignInput,
  updateCampaignInput,
} from "./campaigns/schemas.ts";
export {
  completeQuestInput,
  createQuestInput,
  moveQuestInput,
  questStatus,
  questStatuses,
  questTreeInput,
  reportInput,
  updateQuestInput,
} from "./quests/schemas.ts";
export {
  attachCohortInput,
  createCohortInput,
  listCohortsInput,
  overlapInput,
  recordReachInput,
} from "./cohorts/schemas.ts";
export {
  achievementKey,
  activateAchievementInput,
  defineAchievementInput,
  listAchievementsInput,
  listAwardsInput,
  revokeAwardInput,
  unlockAchievementInput,
} from "./achievements/schemas.ts";
export { adjustPointsInput, pointsDelta, pointsHistoryInput } from "./points/schemas.ts";
export { activityRuleInput, recordActivityInput } from "./activity/schemas.ts";
export {
  leaderboardAroundInput,
  leaderboardRankInput,
  leaderboardTopInput,
} from "./leaderboards/schemas.ts";
export {
  alertEventTypes,
  alertFilter,
  alertSeverities,
  alertStatuses,
  alertTypes,
  endAlertInput,
  groupAlertsInput,
  listAlertsInput,
  snoozeAlertInput,
  subscribeAlertsInput,
  timelineInput,
  triggerAlertInput,
} from "./alerts/schemas.ts";
export {
  createSilenceInput,
  listSilencesInput,
  matcherOperators,
  silenceStates,
} from "./silences/schemas.ts";
export {
  listInboxInput,
  markAllReadInput,
  markInput,
  notificationChannels,
  notificationPriorities,
  notificationTypes,
  sendNotificationInput,
  snoozeInput,
  subscribeInboxInput,
} from "./notifications/schemas.ts";
export { previewInput, setPreferencesInput } from "./preferences/schemas.ts";
export { deliveryStates, listDeliveriesInput } from "./deliveries/schemas.ts";
export { createWebhookInput, rotateSecretInput } from "./webhooks/schemas.ts";
export {
  agentStatuses,
  capabilityCategories,
  capabilityInput,
  deprecateAgentInput,
  findAgentsInput,
  guilds,
  heartbeatAgentInput,
  listAgentsInput,
  listCapabilitiesInput,
  registerAgentInput,
  setCapabilitiesInput,
} from "./agents/schemas.ts";
export { agentCard } from "./agents/card-schema.ts";
export { assignInput, assignmentStatuses, listAssignmentsInput } from "./assignments/schemas.ts";
export {
  cancelExecutionInput,
  claimExecutionsInput,
  completeExecutionInput,
  executionStatuses,
  failExecutionInput,
  fencingToken,
  listExecutionsInput,
  priorities,
  reapExecutionsInput,
  startExecutionInput,
  watchExecutionInput,
} from "./executions/schemas.ts";
export { performanceInput } from "./performance/schemas.ts";
export {
  ingestInput,
  linkSignalInput,
  overrideInput,
  scoreInput,
  searchSignalsInput,
  sightInput,
  signalStatus,
  topSignalsInput,
  transitionSignalInput,
} from "./signals/schemas.ts";
export { addFeedInput, listFeedsInput } from "./feeds/schemas.ts";
export {
  createInsightInput,
  evidenceInput,
  listInsightsInput,
  retractInput,
  supersedeInput,
} from "./insights/schemas.ts";
/** Of texts that there are, those that look most like one that there is not: for a sentence about it. */
export { near } from "./near.ts";
export { typesAsked } from "./events/event-type.ts";
export { subscribeInput } from "./events/schemas.ts";
/** Building blocks of those above: an id, a day, a moment, an amount, a version, and what every list is asked for. */
export { day, id, instant, money, version } from "./input.ts";
export { pageInput } from "./page-input.ts";
/** Schemas of results: from what the clients give to what JSON can carry (moments and amounts as text). */
export { instantJson, listOf, moneyJson, pageOf, writtenOf } from "./result.ts";
export {
  apiKeyResult,
  invitationResult,
  listedInvitationResult,
  memberResult,
  personResult,
  workspaceOfPersonResult,
  workspaceResult,
} from "./workspaces/results.ts";
export {
  positioningCheckResult,
  positioningResult,
  publishedPositioningResult,
} from "./positioning/results.ts";
export {
  messageLintResult,
  messageResult,
  publishedMessageResult,
  resolvedMessageResult,
} from "./messages/results.ts";
export { campaignNodeResult, campaignResult, campaignRollupResult } from "./campaigns/results.ts";
export {
  completedQuestResult,
  questDependenciesResult,
  questNodeResult,
  questResult,
  reportedQuestResult,
} from "./quests/results.ts";
export { campaignCohortResult, cohortOverlapResult, cohortResult } from "./cohorts/results.ts";
export {
  achievementResult,
  activatedAchievementResult,
  awardResult,
  listedAchievementResult,
  openBadgeResult,
  revokedAwardResult,
  unlockedResult,
} from "./achievements/results.ts";
export { adjustedPointsResult, pointsEntryResult, reconciliationResult } from "./points/results.ts";
export { activityRuleResult, recordedActivityResult } from "./activity/results.ts";
export { statsResult, visibilityResult } from "./stats/results.ts";
export { setVisibilityInput } from "./stats/schemas.ts";
export type { SetVisibilityInput } from "./stats/schemas.ts";
export { placeResult, rankResult } from "./leaderboards/results.ts";
export {
  alertEventResult,
  alertGroupResult,
  alertResult,
  explainedAlertResult,
  triggeredAlertResult,
} from "./alerts/results.ts";
export { createdSilenceResult, silenceResult } from "./silences/results.ts";
export {
  inboxArrivalResult,
  inboxCountsResult,
  inboxPageResult,
  markedResult,
  sentNotificationResult,
  snoozedResult,
} from "./notifications/results.ts";
export { deliveryPreviewResult, preferencesResult } from "./preferences/results.ts";
export { deliveryResult } from "./deliveries/results.ts";
export { webhookResult, webhookWithSecretResult } from "./webhooks/results.ts";
export {
  agentCardResult,
  agentResult,
  capabilityResult,
  foundAgentResult,
  workerHeartbeatResult,
} from "./agents/results.ts";
export { assignmentResult } from "./assignments/results.ts";
export {
  claimedExecutionResult,
  executionResult,
  leaseResult,
  reapedExecutionResult,
  startedExecutionResult,
} from "./executions/results.ts";
export { performanceResult } from "./performance/results.ts";
export {
  ingestedSignalResult,
  scoredSignalResult,
  signalClusterResult,
  signalHitResult,
  signalLinkResult,
  signalResult,
  signalScoreResult,
} from "./signals/results.ts";
export { signalFeedResult } from "./feeds/results.ts";
export { insightEvidenceResult, insightResult } from "./insights/results.ts";
export { eventResult, streamTicketResult } from "./events/results.ts";
