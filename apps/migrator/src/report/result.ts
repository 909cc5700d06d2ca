/** How a part of a run ended; `pending` when it is only going to be run. */
export type State = "ok" | "failed" | "skipped" | "pending";

/** A part of a run: a file, a check, a phase, a statement. */
export interface Step {
  /** What kind of part, such as "file" or "check". */
  readonly group: string;
  readonly name: string;
  readonly state: State;
  readonly durationMs: number;
  /** Milliseconds since the command began. */
  readonly startedMs: number;
  readonly detail?: string;
}

export type Level = "error" | "warning" | "note";

/** Something that somebody should look at. */
export interface Finding {
  readonly level: Level;
  /** Stable name of the rule, such as `heavy-rewrite`. */
  readonly rule: string;
  readonly message: string;
  /** What to do instead. */
  readonly remedy?: string;
  readonly file?: string;
  readonly line?: number;
  readonly column?: number;
  readonly object?: string;
}

/** A measured value, with its unit in the name where it has one. */
export interface Figure {
  readonly name: string;
  readonly value: number | string;
}

/** A line of measurements over time, for the report's charts. */
export interface Series {
  readonly name: string;
  readonly unit: string;
  /** Milliseconds since the command began, and the value. */
  readonly points: readonly (readonly [atMs: number, value: number])[];
}

/** What a command came to: the one model behind the lines, the JSON and every report. */
export interface Result {
  readonly schema: "codex-migrate/1";
  readonly command: string;
  readonly tool: string;
  /** Exit code of the process. */
  readonly code: number;
  readonly ok: boolean;
  /** One sentence. */
  readonly summary: string;
  /** User, host, port and database; never a password. */
  readonly target: string | undefined;
  /** Folder of the files that findings name, seen from where the command ran. */
  readonly filesIn: string;
  readonly startedAt: string;
  readonly durationMs: number;
  readonly steps: readonly Step[];
  readonly findings: readonly Finding[];
  readonly figures: readonly Figure[];
  readonly series: readonly Series[];
  /** What belongs to this command alone; its fields stand beside the others in JSON. */
  readonly data: Readonly<Record<string, unknown>>;
}
