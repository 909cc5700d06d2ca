import pg from "pg";

/** The floor: one campaign by one prepared statement of bare pg, without a tenant and without row-level security. */
export function bareRead({
  url,
  columns,
}: ReadSettings): (workspaceId: string, id: string) => Promise<unknown> {
  const pool = new pg.Pool({ connectionString: url, max: 10 });
  const text = `select ${columns} from bare.campaigns where workspace_id = $1 and id = $2`;
  return async (workspaceId, id) => {
    const { rows } = await pool.query({ name: "read", text, values: [workspaceId, id] });
    return rows[0];
  };
}

/** What the peers that read are started with. */
export interface ReadSettings {
  readonly url: string;
  readonly columns: string;
}
