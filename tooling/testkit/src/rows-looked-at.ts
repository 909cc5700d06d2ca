import type pg from "pg";

/** A node of EXPLAIN (ANALYZE, FORMAT JSON). */
interface PlanNode {
  readonly "Actual Rows": number;
  readonly "Actual Loops": number;
  readonly "Rows Removed by Filter"?: number;
  readonly "Rows Removed by Join Filter"?: number;
  readonly Plans?: readonly PlanNode[];
}

/**
 * Does some work in a transaction that is undone, and counts the rows that its statements look at, those in functions and
 * triggers too: what each node of their plans gives back or throws away. Infinity when the work reaches its own
 * `statement_timeout`. The session is a superuser's, for auto_explain.
 */
export async function rowsLookedAt(
  client: pg.Client,
  work: () => Promise<unknown>,
): Promise<number> {
  await client.query(
    `load 'auto_explain';
     set auto_explain.log_min_duration = 0;
     set auto_explain.log_nested_statements = on;
     set auto_explain.log_analyze = on;
     set auto_explain.log_timing = off;
     set auto_explain.log_format = json;
     set auto_explain.log_level = notice`,
  );
  let rows = 0;
  const count = ({ message = "" }: { readonly message: string | undefined }): void => {
    const plan = /plan:\n(?<json>\{.*)/su.exec(message)?.groups?.["json"];
    if (plan !== undefined) rows += lookedAt((JSON.parse(plan) as { Plan: PlanNode }).Plan);
  };
  client.on("notice", count);
  try {
    await client.query("begin");
    await work();
  } catch (error) {
    if (!(error instanceof Error && "code" in error && error.code === "57014")) throw error;
    rows = Infinity;
  } finally {
    // A statement with parameters ends, and is told of, when its transaction does.
    await client.query("rollback");
    client.off("notice", count);
    await client.query("set auto_explain.log_min_duration = -1");
  }
  return rows;
}

function lookedAt(node: PlanNode): number {
  const each =
    node["Actual Rows"] +
    (node["Rows Removed by Filter"] ?? 0) +
    (node["Rows Removed by Join Filter"] ?? 0);
  const own = each * node["Actual Loops"];
  return (node.Plans ?? []).reduce((sum, child) => sum + lookedAt(child), own);
}
