import pg from "pg";

/** What the peers that stream are started with. */
export interface FeedSettings {
  readonly url: string;
  /** Of its own, so that each hears its own events alone. */
  readonly channel: string;
}

/** An event as the peers send it: the fields of one of Codex. */
export interface FeedEvent {
  readonly number: number;
  readonly [field: string]: unknown;
}

/** Gives each event that is notified, numbered. One connection listens for all subscribers. */
export async function listen(
  { url, channel }: FeedSettings,
  tell: (event: FeedEvent) => void,
): Promise<void> {
  const client = new pg.Client(url);
  await client.connect();
  let number = 0;
  client.on("notification", ({ payload = "{}" }) => {
    number += 1;
    tell({ number, ...(JSON.parse(payload) as Record<string, unknown>) }); // of `notify`
  });
  await client.query(`listen ${channel}`);
}
