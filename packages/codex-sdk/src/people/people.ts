import { sql } from "kysely";
import { statement } from "../builder.ts";
import { only } from "../edit.ts";
import type { Handle } from "../handle.ts";
import { parse } from "../input.ts";
import type { CallOptions } from "../options.ts";
import { ensurePersonInput } from "./schemas.ts";
import type { EnsurePersonInput } from "./schemas.ts";

/** Somebody whom an identity provider vouches for. */
export interface Person {
  readonly id: string;
}

/** People, before they are members of anything. */
export class People {
  readonly #outside: Handle;

  constructor(outside: Handle) {
    this.#outside = outside;
  }

  /** Finds the person of an identity, or makes them. What is known already stays as it is. Throws InvalidInput. */
  async ensure(input: EnsurePersonInput, options: CallOptions = {}): Promise<Person> {
    const { issuer, subject, name, email, timeZone } = parse(ensurePersonInput, input);
    const ensured = sql<{ id: string }>`
      select codex.ensure_person(${issuer}, ${subject}, ${name}, ${email ?? null}, ${timeZone}) as id`;
    return this.#outside.write(
      {
        operation: { name: "people.ensure", table: "user_profiles" },
        queries: [statement(ensured)],
        input,
        settle: ([rows]) => only(rows, "person"),
      },
      options,
    );
  }
}
