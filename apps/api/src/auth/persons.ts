import type { Codex } from "@codex/sdk";
import type { Identity } from "./caller.ts";

const knownMax = 10_000;

/** Ids of people by their identity, which never change. People are made known at their first call. */
export class Persons {
  readonly #codex: Codex;
  readonly #known = new Map<string, string>();

  constructor(codex: Codex) {
    this.#codex = codex;
  }

  async idOf({ issuer, subject, name, email }: Identity): Promise<string> {
    const key = JSON.stringify([issuer, subject]);
    const known = this.#known.get(key);
    if (known !== undefined) return known;
    const { id } = await this.#codex.people.ensure({ issuer, subject, name, email });
    if (this.#known.size >= knownMax) this.#known.clear();
    this.#known.set(key, id);
    return id;
  }
}
