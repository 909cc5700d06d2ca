import { resolve } from "node:path";

/** The root of this checkout. */
export const checkout: string = resolve(import.meta.dirname, "../../..");
