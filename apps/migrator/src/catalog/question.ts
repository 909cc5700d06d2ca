/**
 * A part of the catalog. `$1` is the list of schemas; each row gives object, detail, make, remove: its name,
 * what it is, and the SQL that makes and removes it.
 */
export interface Question {
  readonly kind: string;
  readonly sql: string;
  /**
   * How an object becomes another: "replace" removes and makes it, "make" makes it over what is there, and
   * "by hand" is for a person, because rows hang on it.
   */
  readonly change?: "replace" | "make" | "by hand";
  /** Who may make and remove it, where that is not the owner of the schema. */
  readonly by?: "administrator";
}
