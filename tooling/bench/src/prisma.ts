import { PrismaPg } from "@prisma/adapter-pg";
import { execFile } from "node:child_process";
import { join } from "node:path";
import { promisify } from "node:util";
import type { Opened, Pick } from "./reads.ts";

const bench = join(import.meta.dirname, "..");

/** The part of the generated client that the bench uses. */
interface Client {
  $transaction(work: readonly unknown[]): Promise<unknown[]>;
  $executeRaw(text: TemplateStringsArray, ...values: unknown[]): unknown;
  $disconnect(): Promise<void>;
  $extends(extension: unknown): {
    campaign: { findUniqueOrThrow(query: unknown): Promise<unknown> };
  };
}

/** Writes Prisma's client. Its engine for migrations is not needed, and not fetched. */
export async function generatePrisma(): Promise<void> {
  await promisify(execFile)(join(bench, "node_modules/.bin/prisma"), ["generate"], {
    cwd: bench,
    env: {
      PATH: join(process.execPath, ".."),
      PRISMA_SCHEMA_ENGINE_BINARY: process.execPath,
      CHECKPOINT_DISABLE: "1",
    },
  });
}

/** The extension that Prisma's own example for row-level security shows. */
export async function prismaRead(
  connectionString: string,
  max: number,
  pick: () => Pick,
): Promise<Opened> {
  const generated = (await import(join(bench, ".generated/client.ts"))) as {
    PrismaClient: new (options: { adapter: PrismaPg }) => Client;
  };
  const prisma = new generated.PrismaClient({ adapter: new PrismaPg({ connectionString, max }) });
  const inWorkspace = (workspaceId: string, userId: string): ReturnType<Client["$extends"]> =>
    prisma.$extends({
      query: {
        $allOperations: async ({
          args,
          query,
        }: {
          args: unknown;
          query: (args: unknown) => unknown;
        }) => {
          const context = prisma.$executeRaw`select codex.set_context(${workspaceId}::uuid, ${userId}::uuid)`;
          const [, result] = await prisma.$transaction([context, query(args)]);
          return result;
        },
      },
    });
  return {
    name: "Prisma RLS extension",
    run: () => {
      const { workspaceId, userId, campaignId } = pick();
      const where = { workspaceId_id: { workspaceId, id: campaignId } };
      return inWorkspace(workspaceId, userId).campaign.findUniqueOrThrow({ where });
    },
    close: () => prisma.$disconnect(),
  };
}
