/** What is asked of a figure, and whether it was met. */
export interface Bar {
  /** As performance is promised: `at least 0.5 ×`, `under 25 kB`, `within 10 %`, or the figure itself. */
  readonly asked: string;
  readonly met: boolean;
}

/** Holds a figure against what is asked of it in words. Throws for words that ask nothing. */
export function barOf(asked: string, figure: number): Bar {
  const [, word = "", digits] =
    /^(at least |above |at most |under |within )?(\d[\d.,]*)/u.exec(asked) ?? [];
  if (digits === undefined) throw new Error(`this is no bar: ${asked}`);
  const limit = Number(digits.replaceAll(",", ""));
  return { asked, met: tests[word]?.(figure, limit) ?? false };
}

const tests: Readonly<Record<string, (figure: number, limit: number) => boolean>> = {
  "at least ": (figure, limit) => figure >= limit,
  "above ": (figure, limit) => figure > limit,
  "at most ": (figure, limit) => figure <= limit,
  "under ": (figure, limit) => figure < limit,
  "within ": (figure, limit) => Math.abs(figure - 1) <= limit / 100,
  "": (figure, limit) => figure === limit,
};
