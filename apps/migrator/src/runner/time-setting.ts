const perUnit: Readonly<Record<string, number>> = {
  us: 0.001,
  ms: 1,
  s: 1_000,
  min: 60_000,
  h: 3_600_000,
  d: 86_400_000,
};

/**
 * A time as a setting of the server takes it, such as `300`, `'0.4'` or `'2 s'`, in whole milliseconds;
 * undefined when it is none. Rounded as the server does, to the even one of two: 0.5 is 0, which is no limit.
 */
export function millisecondsOf(text: string): number | undefined {
  const [, number, unit = "ms"] =
    /^'?\s*(\d+(?:\.\d*)?|\.\d+)\s*(us|ms|s|min|h|d)?\s*'?$/.exec(text.trim()) ?? [];
  const factor = perUnit[unit];
  if (number === undefined || factor === undefined) return undefined;
  const exact = Number(number) * factor;
  const rounded = Math.round(exact);
  return rounded - exact === 0.5 && rounded % 2 === 1 ? rounded - 1 : rounded;
}
