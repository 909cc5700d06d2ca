import { createCodex } from "@codex/sdk";
import { drizzle } from "drizzle-orm/node-postgres";
import { and, eq, sql as drizzleSql } from "drizzle-orm";
import { bigint, date, pgSchema, text, timestamp, uuid, integer } from "drizzle-orm/pg-core";
import { Kysely, PostgresDialect, sql } from "kysely";
import pg from "pg";
import postgres from "postgres";
import type { Data } from "./data.ts";
import type { Variant } from "./measure.ts";
import { prismaRead } from "./prisma.ts";

/** Columns of a campaign. */
export const columns = `id, parent_id, name, description, objective, status, positioning_id,
  message_architecture_id, owner_id, target_segments, target_geographies, start_date, end_date,
  budget_minor, currency, activated_at, ended_at, archived_at, created_by, version, created_at,
  updated_at`;

/** A variant, and how to close what it opened. */
export interface Opened extends Variant {
  close(): Promise<unknown>;
}

/** The same campaign by its key, in ways that keep workspaces apart, and bare. */
export async function keyReads(data: Data, url: string, clients: number): Promise<Opened[]> {
  const pick = picker(data);
  return [
    codexRead(url, clients, pick),
    bareRead(url, clients, pick),
    kyselyRead(url, clients, pick),
    drizzleRead(url, clients, pick),
    await prismaRead(url, clients, pick),
    postgresRead(url, clients, pick),
  ];
}

/** Which campaign, in which workspace, for whom. */
export interface Pick {
  readonly workspaceId: string;
  readonly userId: string;
  readonly campaignId: string;
}

function picker(data: Data): () => Pick {
  return () => {
    const n = 1 + Math.floor(Math.random() * data.size.workspaces);
    const m = 1 + Math.floor(Math.random() * data.size.campaigns);
    return { ...data.workspace(n), campaignId: data.campaign(n, m) };
  };
}

function codexRead(connectionString: string, max: number, pick: () => Pick): Opened {
  const codex = createCodex({ connectionString, max });
  return {
    name: "codex",
    run: () => {
      const { workspaceId, userId, campaignId } = pick();
      return codex.workspace(workspaceId, { userId }).campaigns.get(campaignId);
    },
    close: () => codex.close(),
  };
}

/** The floor: one prepared statement, no tenant, no row-level security. */
function bareRead(connectionString: string, max: number, pick: () => Pick): Opened {
  const pool = new pg.Pool({ connectionString, max });
  const read = `select ${columns} from bare.campaigns where workspace_id = $1 and id = $2`;
  return {
    name: "bare pg",
    run: async () => {
      const { workspaceId, campaignId } = pick();
      const named = connectionString.includes("pgbouncer") ? {} : { name: "read" };
      const { rows } = await pool.query({
        ...named,
        text: read,
        values: [workspaceId, campaignId],
      });
      if (rows.length !== 1) throw new Error("no row");
    },
    close: () => pool.end(),
  };
}

function kyselyRead(connectionString: string, max: number, pick: () => Pick): Opened {
  const pool = new pg.Pool({ connectionString, max });
  const db = new Kysely<{ campaigns: Record<string, string> }>({
    dialect: new PostgresDialect({ pool }),
  }).withSchema("codex");
  const names = columns.split(",").map((name) => name.trim());
  return {
    name: "Kysely transaction",
    run: () => {
      const { workspaceId, userId, campaignId } = pick();
      return db.transaction().execute(async (tx) => {
        await sql`select codex.set_context(${workspaceId}, ${userId})`.execute(tx);
        return tx
          .selectFrom("campaigns")
          .select(names)
          .where("workspace_id", "=", workspaceId)
          .where("id", "=", campaignId)
          .executeTakeFirstOrThrow();
      });
    },
    close: () => db.destroy(),
  };
}

const campaigns = pgSchema("codex").table("campaigns", {
  workspaceId: uuid("workspace_id").notNull(),
  id: uuid("id").notNull(),
  parentId: uuid("parent_id"),
  name: text("name").notNull(),
  description: text("description").notNull(),
  objective: text("objective").notNull(),
  status: text("status").notNull(),
  positioningId: uuid("positioning_id"),
  messageId: uuid("message_architecture_id"),
  ownerId: uuid("owner_id"),
  targetSegments: text("target_segments").array(),
  targetGeographies: text("target_geographies").array(),
  startDate: date("start_date"),
  endDate: date("end_date"),
  budgetMinor: bigint("budget_minor", { mode: "bigint" }),
  currency: text("currency"),
  activatedAt: timestamp("activated_at", { withTimezone: true }),
  endedAt: timestamp("ended_at", { withTimezone: true }),
  archivedAt: timestamp("archived_at", { withTimezone: true }),
  createdBy: uuid("created_by"),
  version: integer("version"),
  createdAt: timestamp("created_at", { withTimezone: true }),
  updatedAt: timestamp("updated_at", { withTimezone: true }),
});

function drizzleRead(connectionString: string, max: number, pick: () => Pick): Opened {
  const pool = new pg.Pool({ connectionString, max });
  const db = drizzle(pool);
  return {
    name: "Drizzle transaction",
    run: () => {
      const { workspaceId, userId, campaignId } = pick();
      return db.transaction(async (tx) => {
        await tx.execute(drizzleSql`select codex.set_context(${workspaceId}, ${userId})`);
        const rows = await tx
          .select()
          .from(campaigns)
          .where(and(eq(campaigns.workspaceId, workspaceId), eq(campaigns.id, campaignId)));
        if (rows.length !== 1) throw new Error("no row");
      });
    },
    close: () => pool.end(),
  };
}

function postgresRead(connectionString: string, max: number, pick: () => Pick): Opened {
  const client = postgres(connectionString, {
    max,
    prepare: !connectionString.includes("pgbouncer"),
  });
  return {
    name: "postgres.js begin",
    run: async () => {
      const { workspaceId, userId, campaignId } = pick();
      await client.begin((tx) => [
        tx`select codex.set_context(${workspaceId}, ${userId})`,
        tx`select ${tx.unsafe(columns)} from codex.campaigns
          where workspace_id = ${workspaceId} and id = ${campaignId}`,
      ]);
    },
    close: () => client.end(),
  };
}
