import type { AnyProcedure } from "@trpc/server";
import type { Context } from "./context.ts";
import { Refusal } from "./errors.ts";
import { observed } from "./observe/call.ts";
import { appRouter } from "./root.ts";
import type { Meta } from "./trpc.ts";

const procedures = appRouter._def.procedures as unknown as Readonly<Record<string, AnyProcedure>>;

/** Every procedure there is, by name. */
export const procedureNames: ReadonlySet<string> = new Set(Object.keys(procedures));

/** The procedure of that name; undefined for a name that nothing has. */
export function findProcedure(name: string): AnyProcedure | undefined {
  return Object.hasOwn(procedures, name) ? procedures[name] : undefined;
}

/** Points that calls of these names count; 1 for a name that nothing has. */
export function costOf(names: readonly string[]): number {
  return names.reduce((sum, name) => sum + (metaOf(name)?.cost ?? 1), 0);
}

/** Whether it happens in a workspace, as a member of it. */
export function isOfMembers(name: string): boolean {
  return metaOf(name)?.auth === "member";
}

/** Whether it is a stream. */
export function isSubscription(name: string): boolean {
  return findProcedure(name)?._def.type === "subscription";
}

/** Names of the procedures whose input may be left out, as far as types tell. */
export function mayOmitInput(): ReadonlySet<string> {
  const names = Object.keys(procedures);
  return new Set(
    names.filter((name) => {
      const issues = metaOf(name)?.input.safeParse({}).error?.issues ?? [];
      // That one field at least is needed is said of the whole, and by no type.
      return issues.every(({ code, path }) => code === "custom" && path.length === 0);
    }),
  );
}

/** Calls a query or a mutation. Throws as it does, and NotFound for another name. */
export async function callProcedure(path: string, input: unknown, ctx: Context): Promise<unknown> {
  const type = findProcedure(path)?._def.type;
  const run = metaOf(path)?.run;
  if (type === undefined || run === undefined)
    throw new Refusal({ code: "NotFound", message: "no such procedure" });
  return await observed(ctx, { path, type }, () => run(ctx, path, input));
}

/** Whether that is how a procedure is called: queries by GET, mutations by POST. */
export function takes(name: string, method: string | undefined): boolean {
  const type = findProcedure(name)?._def.type;
  return (type === "query" && method === "GET") || (type === "mutation" && method === "POST");
}

function metaOf(name: string): Meta | undefined {
  return findProcedure(name)?._def.meta as Meta | undefined;
}
