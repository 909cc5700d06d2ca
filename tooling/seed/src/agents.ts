import { readFile } from "node:fs/promises";
import type pg from "pg";
import { z } from "zod";

const guilds = ["council_of_lords", "research", "muse", "matrix", "guardians"] as const;
const categories = ["research", "analysis", "creation", "optimization", "monitoring"] as const;

/** An agent as the seed file lists it. */
export interface Agent {
  readonly code: string;
  readonly name: string;
  readonly guild: (typeof guilds)[number];
  readonly purpose: string;
  readonly capabilities: readonly {
    readonly name: string;
    readonly category: (typeof categories)[number];
    readonly description: string;
  }[];
}

const agent: z.ZodType<Agent> = z.strictObject({
  code: z.string().regex(/^[A-Z]{3,4}-\d{3}$/),
  name: z.string().min(1).max(100),
  guild: z.enum(guilds),
  purpose: z.string().min(1),
  capabilities: z
    .array(
      z.strictObject({
        name: z.string().regex(/^[a-z_]+$/),
        category: z.enum(categories),
        description: z.string().min(1),
      }),
    )
    .min(1),
});

const typeOfGuild = {
  council_of_lords: "lord",
  research: "researcher",
  muse: "creative",
  matrix: "intelligence",
  guardians: "guardian",
} as const satisfies Record<Agent["guild"], string>;

/** Reads and checks the agents of a file. Throws one sentence that names the row and what is wrong. */
export async function readAgents(file: URL): Promise<Agent[]> {
  const result = z.array(agent).safeParse(parseJson(await readFile(file, "utf8"), file));
  if (result.success) return result.data;
  const [issue] = result.error.issues;
  const [row, ...field] = issue?.path ?? [];
  throw new Error(
    `${file.pathname}, row ${Number(row) + 1}, ${field.join(".")}: ${issue?.message}. Correct the row; nothing was seeded.`,
  );
}

function parseJson(text: string, file: URL): unknown {
  try {
    return JSON.parse(text);
  } catch {
    throw new Error(`${file.pathname} is no JSON. Correct it; nothing was seeded.`);
  }
}

/** Writes agents and their capabilities where they are missing or differ; gives the rows changed. */
export async function seedAgents(client: pg.ClientBase, agents: readonly Agent[]): Promise<number> {
  const rows = agents.map((one) => ({ ...one, agent_type: typeOfGuild[one.guild] }));
  const registered = await client.query(
    `insert into codex.agent_registry as t (code, name, guild, agent_type, purpose, status, released_at)
     select code, name, guild, agent_type, purpose, 'active', now()
     from jsonb_to_recordset($1::jsonb) as a (code text, name text, guild text, agent_type text, purpose text)
     on conflict (name, version) do update set
       code = excluded.code, guild = excluded.guild, agent_type = excluded.agent_type,
       purpose = excluded.purpose, updated_at = now()
     where (t.code, t.guild, t.agent_type, t.purpose)
       is distinct from (excluded.code, excluded.guild, excluded.agent_type, excluded.purpose)`,
    [JSON.stringify(rows)],
  );
  const capable = await client.query(
    `insert into codex.agent_capabilities as t
       (agent_id, name, category, description, input_schema, output_schema)
     select r.id, c.name, c.category, c.description,
       '{"type": "object", "properties": {"task": {"type": "string"}}, "required": ["task"]}',
       '{"type": "object", "properties": {"result": {"type": "string"}}, "required": ["result"]}'
     from jsonb_to_recordset($1::jsonb) as a (name text, capabilities jsonb)
     join codex.agent_registry r on r.name = a.name and r.version = '1.0'
     cross join lateral jsonb_to_recordset(a.capabilities)
       as c (name text, category text, description text)
     on conflict (agent_id, name) do update set
       category = excluded.category, description = excluded.description, updated_at = now()
     where (t.category, t.description) is distinct from (excluded.category, excluded.description)`,
    [JSON.stringify(rows)],
  );
  return (registered.rowCount ?? 0) + (capable.rowCount ?? 0);
}
