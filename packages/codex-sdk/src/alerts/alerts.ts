import { asOfAny } from "../builder.ts";
import { edited, only, versionOf } from "../edit.ts";
import { EventClient } from "../events/events.ts";
import type { Event } from "../events/events.ts";
import type { Handle } from "../handle.ts";
import { newId } from "../ids.ts";
import { id as idInput, parse } from "../input.ts";
import type { CallOptions, EditOptions, WriteOptions, Written } from "../options.ts";
import { paged } from "../page.ts";
import type { List } from "../page.ts";
import { toAlert, toAlertEvent, toAlertGroup } from "./alert.ts";
import type { Alert, AlertEvent, AlertGroup, ExplainedStep, TriggeredAlert } from "./alert.ts";
import {
  alertTimeline,
  changeAlert,
  explainAlert,
  getAlert,
  getTriggered,
  groupAlerts,
  listAlerts,
  triggerAlert,
} from "./queries.ts";
import type { AlertChange } from "./queries.ts";
import {
  alertEventTypes,
  endAlertInput,
  groupAlertsInput,
  listAlertsInput,
  snoozeAlertInput,
  subscribeAlertsInput,
  timelineInput,
  triggerAlertInput,
} from "./schemas.ts";
import type {
  EndAlertInput,
  GroupAlertsInput,
  ListAlertsInput,
  SnoozeAlertInput,
  SubscribeAlertsInput,
  TimelineInput,
  TriggerAlertInput,
} from "./schemas.ts";

const entity = "alert";
const table = "system_alerts";

/** Alerts of a workspace. Read by everybody, handled by analysts and above. */
export class AlertClient {
  readonly #ws: Handle;

  constructor(ws: Handle) {
    this.#ws = ws;
  }

  /**
   * Opens an alert and tells the people it concerns, all at once; or counts one more occurrence of the
   * open one with the same key, which tells nobody unless its severity rises. Whoever acts raises it: a
   * member, an agent, background work. `suppressedBy` says why nobody was told. Throws InvalidInput,
   * InvalidReference, Forbidden.
   */
  async trigger(
    input: TriggerAlertInput,
    options: WriteOptions = {},
  ): Promise<Written<TriggeredAlert>> {
    const parsed = parse(triggerAlertInput, input);
    const id = newId();
    return this.#ws.write(
      {
        operation: { name: "alerts.trigger", table },
        queries: [triggerAlert(this.#ws, id, parsed), getTriggered(this.#ws, id, parsed.dedupKey)],
        input,
        settle: ([done, rows]) => {
          const { outcome, suppressedBy } = only(done, entity);
          const alert = toAlert({ ...only(rows, entity), suppressedBy });
          return suppressedBy === null ? { alert, outcome } : { alert, outcome, suppressedBy };
        },
      },
      options,
    );
  }

  /**
   * Takes it on: it escalates no further. Once more changes nothing. Throws IllegalTransition when it has
   * ended, NotFound, StaleVersion, Forbidden.
   */
  async acknowledge(id: string, options: EditOptions = {}): Promise<Written<Alert>> {
    return this.#change("acknowledge", { id, status: "acknowledged" }, options);
  }

  /** Ends it, as done; also while it is silenced or snoozed. Throws as `acknowledge`. */
  async resolve(
    id: string,
    input: EndAlertInput = {},
    options: EditOptions = {},
  ): Promise<Written<Alert>> {
    const { note } = parse(endAlertInput, input);
    return this.#change("resolve", { id, status: "resolved", note }, options);
  }

  /** Ends it, as nothing that anybody has to do anything about. Throws as `acknowledge`. */
  async dismiss(
    id: string,
    input: EndAlertInput = {},
    options: EditOptions = {},
  ): Promise<Written<Alert>> {
    const { note } = parse(endAlertInput, input);
    return this.#change("dismiss", { id, status: "dismissed", note }, options);
  }

  /**
   * Lets an open alert rest until a moment, within a year; then its people are told again, unless it was
   * taken on. Null ends it early. It stays what it is. Throws InvalidInput, and as `acknowledge`.
   */
  async snooze(
    id: string,
    input: SnoozeAlertInput,
    options: EditOptions = {},
  ): Promise<Written<Alert>> {
    const { until } = parse(snoozeAlertInput, input);
    return this.#change("snooze", { id, snoozedUntil: until }, options);
  }

  /** Throws NotFound. */
  async get(id: string, options: CallOptions = {}): Promise<Alert> {
    const target = parse(idInput, id);
    return this.#ws.read(
      {
        operation: { name: "alerts.get", table },
        queries: [getAlert(this.#ws, target)],
        settle: ([rows]) => toAlert(only(rows, entity)),
      },
      options,
    );
  }

  /** Alerts, newest first unless sorted otherwise. Throws InvalidInput. */
  list(options: ListAlertsInput & CallOptions = {}): List<Alert> {
    const { signal, timeoutMs, ...input } = options;
    const { filter, sort, ...page } = parse(listAlertsInput, input);
    return paged(
      this.#ws,
      {
        operation: { name: "alerts.list", table },
        cursor: { name: "alerts", filter, sort },
        page,
        query: (asked) => listAlerts(this.#ws, filter, { ...asked, sort }),
        keysOf: (row) => [row.cursorAt, row.id],
        keysCount: 2,
        toItem: ({ cursorAt, ...row }) => toAlert(row),
      },
      { signal, timeoutMs },
    );
  }

  /**
   * Open alerts, unless the filter says otherwise, counted by what they have in common; the worst groups
   * first, at most 200. Throws InvalidInput.
   */
  async groups(input: GroupAlertsInput, options: CallOptions = {}): Promise<readonly AlertGroup[]> {
    const { by, filter } = parse(groupAlertsInput, input);
    return this.#ws.read(
      {
        operation: { name: "alerts.groups", table },
        holds: [asOfAny],
        queries: [groupAlerts(this.#ws, by, filter)],
        settle: ([rows]) => rows.map((row) => toAlertGroup(row)),
      },
      options,
    );
  }

  /** What happened to it and whom it was told to, from the beginning. Throws NotFound, InvalidInput. */
  timeline(id: string, options: TimelineInput & CallOptions = {}): List<AlertEvent> {
    const { signal, timeoutMs, ...input } = options;
    const target = parse(idInput, id);
    return paged(
      this.#ws,
      {
        operation: { name: "alerts.timeline", table: "alert_events" },
        cursor: { name: "alert timeline", filter: target, sort: "oldest" },
        page: parse(timelineInput, input),
        query: ({ first, keys }) =>
          alertTimeline(this.#ws, target, { first, after: keys?.[0] ?? "0" }),
        keysOf: ({ number }) => [String(number)],
        keysCount: 1,
        toItem: toAlertEvent,
      },
      { signal, timeoutMs },
    );
  }

  /**
   * Step by step why a member was told of it, or was not. For analysts and above. Throws NotFound when
   * there is no such alert or member, Forbidden.
   */
  async explain(
    id: string,
    userId: string,
    options: CallOptions = {},
  ): Promise<{ steps: readonly ExplainedStep[] }> {
    const target = parse(idInput, id);
    const person = parse(idInput, userId);
    return this.#ws.read(
      {
        operation: { name: "alerts.explain", table },
        queries: [explainAlert(this.#ws, target, person)],
        settle: ([rows]) => ({ steps: rows }),
      },
      options,
    );
  }

  /**
   * The events of this workspace's alerts, as `events.subscribe` gives them, and only those: opened, changed,
   * escalated, ended. Throws as it does. Not for inside a transaction.
   */
  subscribe(
    input: SubscribeAlertsInput & { signal?: AbortSignal | undefined } = {},
  ): AsyncGenerator<Event, void, undefined> {
    const { signal, ...asked } = input;
    const { after } = parse(subscribeAlertsInput, asked);
    return new EventClient(this.#ws).subscribe({ after, types: [...alertEventTypes], signal });
  }

  async #change(
    name: string,
    { id, ...change }: { id: string } & Omit<AlertChange, "expectedVersion">,
    options: EditOptions,
  ): Promise<Written<Alert>> {
    const target = parse(idInput, id);
    const expectedVersion = versionOf(options.expectedVersion);
    return this.#ws.write(
      {
        operation: { name: `alerts.${name}`, table },
        queries: [
          changeAlert(this.#ws, target, { ...change, expectedVersion }),
          getAlert(this.#ws, target),
        ],
        input: [target, change],
        settle: ([rows, found]) => {
          edited(rows, found, { entity, expectedVersion });
          return toAlert(only(found, entity));
        },
      },
      options,
    );
  }
}
