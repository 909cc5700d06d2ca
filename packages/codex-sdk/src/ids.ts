import { uuidv7 } from "uuidv7";

/** A new UUIDv7: made here, so that a batch can name what it is about to make. */
export function newId(): string {
  return uuidv7();
}
