/** What a statement is expected to lock and to do; `rehearse` measures it. */
export interface Expectation {
  /** The statement's beginning, on one line. */
  readonly text: string;
  /** The strongest lock that it takes on a table. */
  readonly lock: string;
  readonly work: string;
}

interface Rule {
  readonly pattern: RegExp;
  readonly lock: string;
  readonly work: string;
}

const exclusive = "ACCESS EXCLUSIVE";

// The first that fits. What depends on the table's state says "may": only a rehearsal knows.
const rules: readonly Rule[] = [
  {
    pattern: /^create (unique )?index\b.*\bconcurrently\b/,
    lock: "SHARE UPDATE EXCLUSIVE",
    work: "builds an index",
  },
  { pattern: /^create (unique )?index\b/, lock: "SHARE", work: "builds an index" },
  { pattern: /^drop index\b.*\bconcurrently\b/, lock: "SHARE UPDATE EXCLUSIVE", work: "waits" },
  {
    pattern: /^reindex\b.*\bconcurrently\b/,
    lock: "SHARE UPDATE EXCLUSIVE",
    work: "builds an index",
  },
  { pattern: /^reindex\b/, lock: exclusive, work: "builds an index" },
  { pattern: /^(cluster|vacuum (\(.*)?full)\b/, lock: exclusive, work: "rewrites" },
  {
    pattern: /^refresh materialized view\b.*\bconcurrently\b/,
    lock: "EXCLUSIVE",
    work: "runs the query",
  },
  { pattern: /^refresh materialized view\b/, lock: exclusive, work: "rewrites" },
  {
    pattern: /^alter table\b.*\bvalidate constraint\b/,
    lock: "SHARE UPDATE EXCLUSIVE",
    work: "scans",
  },
  {
    pattern: /^alter table\b.*\badd (constraint \S+ )?(foreign key|.*references)\b.*\bnot valid\b/,
    lock: "SHARE ROW EXCLUSIVE",
    work: "short",
  },
  {
    pattern: /^alter table\b.*\badd (constraint \S+ )?foreign key\b/,
    lock: "SHARE ROW EXCLUSIVE",
    work: "scans",
  },
  {
    pattern: /^alter table\b.*\battach partition\b/,
    lock: "SHARE UPDATE EXCLUSIVE",
    work: "may scan",
  },
  {
    pattern:
      /^alter table\b.*\b(type|set (un)?logged|add column .*(serial|identity|generated|default [^,;]*\())/,
    lock: exclusive,
    work: "may rewrite",
  },
  {
    pattern: /^alter table\b.*\b(set not null|add constraint|unique|primary key|check)\b/,
    lock: exclusive,
    work: "may scan",
  },
  {
    pattern: /^(alter table|drop (table|policy|trigger|index)|(create|alter) policy|truncate)\b/,
    lock: exclusive,
    work: "short",
  },
  { pattern: /^create (or replace )?trigger\b/, lock: "SHARE ROW EXCLUSIVE", work: "short" },
  { pattern: /^(insert|update|delete|merge|copy)\b/, lock: "ROW EXCLUSIVE", work: "rows" },
  { pattern: /^create table\b.*\breferences\b/, lock: "SHARE ROW EXCLUSIVE", work: "short" },
  { pattern: /^(do|call|select|with)\b/, lock: "by its body", work: "by its body" },
];

const textMax = 72;

/** The expectation for a statement, by its words alone. */
export function expectationOf(statement: string): Expectation {
  const words = statement
    .replaceAll(/--[^\n]*/g, "")
    .replaceAll(/\s+/g, " ")
    .trim();
  const rule = rules.find(({ pattern }) => pattern.test(words.toLowerCase()));
  const text = words.length > textMax ? `${words.slice(0, textMax - 1)}…` : words;
  return { text, lock: rule?.lock ?? "none", work: rule?.work ?? "short" };
}
