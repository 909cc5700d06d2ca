import { createHash } from "node:crypto";
import type { Field, Parser } from "./wire.ts";

/** Names and parsers of a statement's columns. */
export interface RowShape {
  readonly names: readonly string[];
  readonly parsers: readonly Parser[];
}

/** What is known of a statement on one connection. */
export interface Prepared {
  readonly name: string;
  /** `sent` until its first answer; `stale` when an error leaves open what the server holds. */
  state: "sent" | "parsed" | "stale";
  shape: RowShape | undefined;
}

/** A statement that a turn is about to send, and the names to close before it. */
export interface Lookup {
  readonly prepared: Prepared;
  readonly parse: boolean;
  readonly close: readonly string[];
}

const statementsMax = 256;

/**
 * The prepared statements of one connection, least recently used first. Kept beside pg's own, whose
 * bookkeeping goes by one statement a query.
 */
export class PreparedStatements {
  readonly #byText = new Map<string, Prepared>();
  readonly #max: number;

  constructor(max: number = statementsMax) {
    this.#max = max;
  }

  /** Finds or adds the statement and makes it the most recent. */
  look(text: string): Lookup {
    const known = this.#byText.get(text);
    if (known?.state === "parsed") {
      this.#byText.delete(text);
      this.#byText.set(text, known);
      return { prepared: known, parse: false, close: [] };
    }
    // A name whose fate is open is closed first: closing an unknown name is no error.
    const close = known === undefined ? [] : [known.name];
    const prepared: Prepared = { name: nameOf(text), state: "sent", shape: undefined };
    this.#byText.delete(text);
    this.#byText.set(text, prepared);
    return { prepared, parse: true, close: [...close, ...this.#evict()] };
  }

  /** Forgets everything that the server may have dropped or planned for another schema. */
  markStale(): void {
    for (const prepared of this.#byText.values()) prepared.state = "stale";
  }

  #evict(): string[] {
    const oldest = [...this.#byText].slice(0, Math.max(0, this.#byText.size - this.#max));
    for (const [text] of oldest) this.#byText.delete(text);
    return oldest.map(([, prepared]) => prepared.name);
  }
}

const names = new Map<string, string>();
const namesMax = 4096;

/** The same on every connection and in every process: a pooler may then share one plan. */
function nameOf(text: string): string {
  const known = names.get(text);
  if (known !== undefined) return known;
  const name = `cx_${createHash("sha256").update(text).digest("hex").slice(0, 32)}`;
  if (names.size >= namesMax) names.clear();
  names.set(text, name);
  return name;
}

/** Reads a row description once, so that each row costs one loop. */
export function shapeOf(fields: readonly Field[], parserOf: (oid: number) => Parser): RowShape {
  return {
    names: fields.map((field) => field.name),
    parsers: fields.map((field) => parserOf(field.dataTypeID)),
  };
}

/** Turns the texts of one row into an object. */
export function readRow(
  shape: RowShape,
  texts: readonly (string | null)[],
): Record<string, unknown> {
  const row: Record<string, unknown> = {};
  for (const [i, text] of texts.entries()) {
    const name = shape.names[i] ?? "";
    row[name] = text === null ? null : shape.parsers[i]?.(text);
  }
  return row;
}
