// Each unit of a time and its milliseconds, longest first, as the server's own table has them.
const units = [
  ["d", 86_400_000],
  ["h", 3_600_000],
  ["min", 60_000],
  ["s", 1_000],
  ["ms", 1],
  ["us", 0.001],
] as const;

const highest = 2_147_483_647;
// A number as strtol and strtod read it, then a unit.
const form = /^([+-]?(?:0x[\da-f]+|(?:\d+\.?\d*|\.\d+)(?:e[+-]?\d+)?))\s*([a-z]*)$/i;

/**
 * The value of a setting such as `lock_timeout`, without quotes, in whole milliseconds, rounded as the
 * server does (`parse_int` in guc.c): a number without a unit is milliseconds, halves go to the even
 * number, and `0.4ms` or `0.005min` are 0, which means no limit. Undefined for what the server refuses.
 */
export function millisecondsOf(text: string): number | undefined {
  const [, number = "", unit = ""] = form.exec(text.trim()) ?? [];
  const value = numberOf(number);
  if (value === undefined) return undefined;
  const ms = unit === "" ? value : inMilliseconds(value, unit);
  if (ms === undefined) return undefined;
  const whole = roundToEven(ms);
  return whole >= 0 && whole <= highest ? whole : undefined;
}

function numberOf(text: string): number | undefined {
  const [, sign = "", digits = ""] = /^([+-]?)(.+)$/.exec(text) ?? [];
  const factor = sign === "-" ? -1 : 1;
  // A leading 0 makes it octal, as in C; one with other digits the server refuses.
  if (/^0\d+$/.test(digits)) {
    return /^[0-7]+$/.test(digits) ? factor * Number.parseInt(digits, 8) : undefined;
  }
  return digits === "" ? undefined : factor * Number(digits);
}

// A fraction of a unit is first rounded to the next smaller one.
function inMilliseconds(value: number, unit: string): number | undefined {
  const at = units.findIndex(([name]) => name === unit);
  const [, size] = units[at] ?? [];
  if (size === undefined) return undefined;
  const [, smaller] = units[at + 1] ?? [];
  const ms = value * size;
  return smaller === undefined ? ms : roundToEven(ms / smaller) * smaller;
}

function roundToEven(value: number): number {
  const floor = Math.floor(value);
  const rest = value - floor;
  const isUp = rest > 0.5 || (rest === 0.5 && floor % 2 !== 0);
  // Not -0, which is equal to 0 and is not shown as it.
  return (isUp ? floor + 1 : floor) || 0;
}
