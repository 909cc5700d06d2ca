import { near } from "@codex/sdk/schemas";
import type { AnyProcedure, AnyRouter } from "@trpc/server";
import { areaOf } from "./trpc.ts";
import type { Meta } from "./trpc.ts";

/** Every scope that lets a key do something: what the procedures need, and what stands for several of these. */
export function scopesOf(router: AnyRouter): ReadonlySet<string> {
  const procedures = Object.entries(router._def.procedures as Record<string, AnyProcedure>);
  return new Set(
    procedures.flatMap(([name, { _def }]) => {
      const { scope: kind } = _def.meta as Meta;
      const area = areaOf(name);
      return kind === undefined ? [] : [`${area}:${kind}`, `${area}:*`, `*:${kind}`, "*:*"];
    }),
  );
}

/** What whoever asks for a scope that there is not is told. */
export function noSuchScope(asked: string, scopes: ReadonlySet<string>): string {
  return `no procedure needs such a scope; near are ${near(asked, scopes).join(", ")}`;
}
