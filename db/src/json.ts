/** Any value that a jsonb column may hold, as pg gives it. */
export type Json = string | number | boolean | null | readonly Json[] | JsonObject;

/** An object in a jsonb column. */
export interface JsonObject {
  readonly [key: string]: Json | undefined;
}
