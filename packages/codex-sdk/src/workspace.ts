import type { IsolationLevel, Scope } from "@codex/postgres";
import type { Needs } from "./actor.ts";
import { AchievementClient } from "./achievements/achievements.ts";
import { ActivityClient } from "./activity/activity.ts";
import { AlertClient } from "./alerts/alerts.ts";
import { AgentClient, CapabilityClient } from "./agents/agents.ts";
import { AssignmentClient } from "./assignments/assignments.ts";
import { CampaignClient } from "./campaigns/campaigns.ts";
import { CohortClient } from "./cohorts/cohorts.ts";
import { DeliveryClient } from "./deliveries/deliveries.ts";
import { EventClient } from "./events/events.ts";
import { ExecutionClient } from "./executions/executions.ts";
import { BatchHandle, ScopeHandle, TransactionHandle } from "./executor.ts";
import type { Surroundings } from "./executor.ts";
import type { Handle } from "./handle.ts";
import { newId } from "./ids.ts";
import { LeaderboardClient } from "./leaderboards/leaderboards.ts";
import { InsightClient } from "./insights/insights.ts";
import { MessageClient } from "./messages/messages.ts";
import { NotificationClient } from "./notifications/notifications.ts";
import type { CallOptions } from "./options.ts";
import { PointsClient } from "./points/points.ts";
import { PerformanceClient } from "./performance/performance.ts";
import { PositioningClient } from "./positioning/positioning.ts";
import { PreferenceClient } from "./preferences/preferences.ts";
import { QuestClient } from "./quests/quests.ts";
import { StatsClient } from "./stats/stats.ts";
import { SignalClient } from "./signals/signals.ts";
import { Gathering, TogetherHandle } from "./together.ts";
import { SilenceClient } from "./silences/silences.ts";
import { translate } from "./translate.ts";
import { WebhookClient } from "./webhooks/webhooks.ts";

/** The clients of the domains, over one handle. */
export class Clients {
  readonly positioning: PositioningClient;
  readonly messages: MessageClient;
  readonly campaigns: CampaignClient;
  readonly quests: QuestClient;
  readonly cohorts: CohortClient;
  readonly signals: SignalClient;
  readonly insights: InsightClient;
  readonly achievements: AchievementClient;
  readonly points: PointsClient;
  readonly activity: ActivityClient;
  readonly stats: StatsClient;
  readonly leaderboards: LeaderboardClient;
  readonly alerts: AlertClient;
  readonly silences: SilenceClient;
  readonly notifications: NotificationClient;
  readonly preferences: PreferenceClient;
  readonly deliveries: DeliveryClient;
  readonly webhooks: WebhookClient;
  readonly agents: AgentClient;
  readonly capabilities: CapabilityClient;
  readonly assignments: AssignmentClient;
  readonly executions: ExecutionClient;
  readonly performance: PerformanceClient;

  constructor(handle: Handle) {
    this.positioning = new PositioningClient(handle);
    this.messages = new MessageClient(handle);
    this.campaigns = new CampaignClient(handle);
    this.quests = new QuestClient(handle);
    this.cohorts = new CohortClient(handle);
    this.signals = new SignalClient(handle);
    this.insights = new InsightClient(handle);
    this.achievements = new AchievementClient(handle);
    this.points = new PointsClient(handle);
    this.activity = new ActivityClient(handle);
    this.stats = new StatsClient(handle);
    this.leaderboards = new LeaderboardClient(handle);
    this.alerts = new AlertClient(handle);
    this.silences = new SilenceClient(handle);
    this.notifications = new NotificationClient(handle);
    this.preferences = new PreferenceClient(handle);
    this.deliveries = new DeliveryClient(handle);
    this.webhooks = new WebhookClient(handle);
    this.agents = new AgentClient(handle);
    this.capabilities = new CapabilityClient(handle);
    this.assignments = new AssignmentClient(handle);
    this.executions = new ExecutionClient(handle);
    this.performance = new PerformanceClient(handle);
  }
}

export interface TransactionOptions extends CallOptions {
  /** `read committed` unless the server's default is another. */
  readonly isolation?: IsolationLevel | undefined;
}

/** One workspace, and somebody who acts in it. Making one costs no round trip. */
export class Workspace extends Clients {
  readonly id: string;
  readonly events: EventClient;
  readonly #scope: Scope<unknown>;
  readonly #around: Surroundings;
  readonly #handle: ScopeHandle;

  constructor(scope: Scope<unknown>, around: Surroundings) {
    const handle = new ScopeHandle(scope, around);
    super(handle);
    this.id = around.workspaceId;
    this.events = new EventClient(handle);
    this.#scope = scope;
    this.#around = around;
    this.#handle = handle;
  }

  /**
   * Does all of the work or none of it. n calls take n + 1 round trips. The work is run again after a
   * conflict with another transaction, so it should change nothing besides. Throws what the work throws.
   */
  async transaction<T>(
    work: (transaction: Clients) => Promise<T>,
    options: TransactionOptions = {},
  ): Promise<T> {
    let handle: TransactionHandle | undefined;
    try {
      const result = await this.#scope.transaction((transaction) => {
        handle = new TransactionHandle(transaction, this.#around);
        return resultOf(handle, work);
      }, options);
      handle?.committed();
      return result;
    } catch (error) {
      throw translate(error, newId(), this.#around);
    }
  }

  /**
   * For reads that several callers make at the same moment: those of one turn of the event loop go in one
   * round trip and one read-only transaction. Each may ask for other rights. When the database refuses
   * one of them, the others are read again without it. Writes throw InvalidInput.
   */
  together(options: CallOptions = {}): (needs?: Needs) => Clients {
    const gathering = new Gathering(this.#handle, options);
    return (needs) => new Clients(new TogetherHandle(gathering, this.#around, needs));
  }

  /**
   * Makes independent calls in one transaction, in one round trip, or two when one of them writes:
   * `ws.batch((b) => [b.campaigns.get(one), b.quests.tree(one)])`. All of them take effect, or none: when one fails, also
   * with NotFound or StaleVersion, that is thrown. Throws what the calls throw, and InvalidInput for calls that wait for
   * each other and for more than 1,000 statements.
   */
  async batch<const Calls extends readonly PromiseLike<unknown>[]>(
    calls: (clients: Clients) => Calls,
    options: CallOptions = {},
  ): Promise<{ -readonly [K in keyof Calls]: Awaited<Calls[K]> }> {
    const handle = new BatchHandle(this.#around);
    const all = Promise.all(calls(new Clients(handle)));
    let refused = false;
    all.catch(() => {
      refused = true;
    });
    // By then every call has parsed its input and reached the handle, or was refused for it.
    await new Promise<void>((done) => setImmediate(done));
    if (!refused) await handle.flush(this.#scope, options);
    return all;
  }
}

/** Throws the transaction's own failure, whatever the work made of it: it decides about another try. */
async function resultOf<T>(
  handle: TransactionHandle,
  work: (transaction: Clients) => Promise<T>,
): Promise<T> {
  let result: T;
  try {
    result = await work(new Clients(handle));
  } catch (error) {
    throw handle.failure ?? error;
  }
  if (handle.failure !== undefined) throw handle.failure;
  return result;
}
