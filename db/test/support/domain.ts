import type { Person, Row } from "@codex/testkit";

/** Runs a statement that gives one row with an id, and gives the id. Its first parameter is the workspace. */
export async function insertId(
  person: Person,
  sql: string,
  params: readonly unknown[] = [],
): Promise<string> {
  const [row] = await person.query<{ id: string }>(sql, [person.workspaceId, ...params]);
  if (row === undefined) throw new Error(`no row: ${sql}`);
  return row.id;
}

/** The one row of a query. */
export async function oneRow<T extends Row = Row>(
  person: Pick<Person, "query">,
  sql: string,
  params: readonly unknown[] = [],
): Promise<T> {
  const rows = await person.query<T>(sql, params);
  const [row] = rows;
  if (row === undefined || rows.length > 1) throw new Error(`${rows.length} rows: ${sql}`);
  return row;
}

/** How many of the attempts succeeded, and the error codes of the others. */
export async function outcomes(
  attempts: readonly Promise<unknown>[],
): Promise<{ done: number; codes: string[] }> {
  const settled = await Promise.allSettled(attempts);
  return {
    done: settled.filter((one) => one.status === "fulfilled").length,
    codes: settled.flatMap((one) => (one.status === "rejected" ? [String(one.reason.code)] : [])),
  };
}

/** A complete draft of a positioning. */
export function draftPositioning(person: Person, segment: string): Promise<string> {
  return insertId(
    person,
    `insert into codex.positioning (workspace_id, segment, name, competitive_alternatives,
       unique_attributes, value_themes, best_fit_customers, market_category)
     values ($1, $2, 'Positioning', '{a}', '{b}', '{c}', 'd', 'e') returning id`,
    [segment],
  );
}

/** A campaign in planning that lacks nothing but a quest or cohort to become active. */
export async function planCampaign(strategist: Person, segment: string): Promise<string> {
  const positioningId = await draftPositioning(strategist, segment);
  await strategist.query("select codex.publish_positioning($1, $2)", [
    strategist.workspaceId,
    positioningId,
  ]);
  return insertId(
    strategist,
    `insert into codex.campaigns (workspace_id, name, status, positioning_id, start_date)
     values ($1, 'Campaign', 'planning', $2, '2026-01-01') returning id`,
    [positioningId],
  );
}

/** A quest of a campaign. */
export function addQuest(
  person: Person,
  campaignId: string,
  options: { parentId?: string; weight?: number } = {},
): Promise<string> {
  return insertId(
    person,
    `insert into codex.campaign_quests (workspace_id, campaign_id, name, parent_id, weight)
     values ($1, $2, 'Quest', $3, $4) returning id`,
    [campaignId, options.parentId ?? null, options.weight ?? 1],
  );
}
