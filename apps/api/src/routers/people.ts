import { ensurePersonInput, personResult } from "@codex/sdk/schemas";
import type { TRPCRouterRecord } from "@trpc/server";
import { personMutation } from "../trpc.ts";

export const people = {
  ensure: personMutation(
    {
      doc: "Makes whoever has the token known; once more changes nothing.",
      input: ensurePersonInput.pick({ name: true, timeZone: true }).partial(),
      output: personResult,
    },
    ({ people: client, identity, input, options }) =>
      client.ensure(
        {
          issuer: identity.issuer,
          subject: identity.subject,
          email: identity.email,
          name: input.name ?? identity.name,
          timeZone: input.timeZone,
        },
        options,
      ),
  ),
} satisfies TRPCRouterRecord;
