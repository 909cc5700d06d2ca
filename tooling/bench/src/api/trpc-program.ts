import { initTRPC, TRPCError } from "@trpc/server";
import { createHTTPServer } from "@trpc/server/adapters/standalone";
import { z } from "zod";
import { bareRead } from "./bare-read.ts";
import type { ReadSettings } from "./bare-read.ts";
import { settings, tellPort } from "./peer.ts";

// tRPC as its documentation starts it, with the bare read: no credential, no limit, no log.
const read = bareRead(settings as ReadSettings);
const t = initTRPC.create({ isDev: false });
const input = z.object({ workspaceId: z.uuid(), id: z.uuid() });
const router = t.router({
  campaign: t.procedure.input(input).query(async ({ input: { workspaceId, id } }) => {
    const row = await read(workspaceId, id);
    if (row === undefined) throw new TRPCError({ code: "NOT_FOUND" });
    return row;
  }),
});
tellPort(createHTTPServer({ router, basePath: "/trpc/" }));
