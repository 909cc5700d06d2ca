import { only } from "../edit.ts";
import type { Handle } from "../handle.ts";
import { parse } from "../input.ts";
import type { notificationChannels } from "../notifications/schemas.ts";
import type { CallOptions, WriteOptions, Written } from "../options.ts";
import { getPreferences, previewDelivery, setPreferences } from "./queries.ts";
import { previewInput, setPreferencesInput } from "./schemas.ts";
import type { digests, PreviewInput, SetPreferencesInput } from "./schemas.ts";

export type NotificationChannel = (typeof notificationChannels)[number];

/** Local time at which nothing leaves but what is critical. */
export interface QuietHours {
  /** `HH:MM`; one that ends before it begins ends on the next day. */
  readonly from: string;
  readonly to: string;
  /** Days it begins on, 1 Monday to 7 Sunday; all of them. */
  readonly days?: readonly number[] | undefined;
}

/** How a member wants to be told of what, and when. */
export interface Preferences {
  /** IANA time zone of the quiet hours. */
  readonly timeZone: string;
  /** Whether it was set here; otherwise it is the person's. */
  readonly hasOwnTimeZone: boolean;
  readonly quietHours: readonly QuietHours[];
  /** By category, `default` for the others. The inbox has all that is sent by any channel. */
  readonly channels: Readonly<Record<string, readonly NotificationChannel[]>>;
  /** When e-mail leaves: at once, at the full hour, or at 8 in the morning. */
  readonly digest: (typeof digests)[number];
}

/** How something would reach a person. */
export interface DeliveryPreview {
  /** When what is not in_app would leave. */
  readonly deliverAt: Date;
  /** None: they want nothing of that category. */
  readonly channels: readonly NotificationChannel[];
}

const entity = "preferences";
const table = "notification_preferences";

/** The preferences of the member who acts; nobody else's can be reached. */
export class PreferenceClient {
  readonly #ws: Handle;

  constructor(ws: Handle) {
    this.#ws = ws;
  }

  /** What is set, and what holds where nothing is. */
  async get(options: CallOptions = {}): Promise<Preferences> {
    return this.#ws.read(
      {
        operation: { name: "preferences.get", table },
        queries: [getPreferences(this.#ws)],
        settle: ([rows]) => only(rows, entity),
      },
      options,
    );
  }

  /**
   * Sets what is given and leaves the rest. Throws InvalidInput: nothing to set, a time zone that does not exist,
   * quiet hours that leave no moment of the week, a channel that has no sender.
   */
  async set(input: SetPreferencesInput, options: WriteOptions = {}): Promise<Written<Preferences>> {
    const change = parse(setPreferencesInput, input);
    return this.#ws.write(
      {
        operation: { name: "preferences.set", table },
        queries: [setPreferences(this.#ws, change), getPreferences(this.#ws)],
        input,
        settle: ([, rows]) => only(rows, entity),
      },
      options,
    );
  }

  /**
   * How and when something sent at that moment would reach this member: what sending itself works out.
   * Throws InvalidInput.
   */
  async preview(input: PreviewInput, options: CallOptions = {}): Promise<DeliveryPreview> {
    const asked = parse(previewInput, input);
    return this.#ws.read(
      {
        operation: { name: "preferences.preview", table },
        queries: [previewDelivery(this.#ws, asked)],
        settle: ([rows]) => only(rows, entity),
      },
      options,
    );
  }
}
