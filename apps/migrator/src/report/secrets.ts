/** Takes passwords out of what is printed or written. */
export interface Secrets {
  /** The text with every password in it replaced by `***`. */
  readonly hide: (text: string) => string;
  /** The value with every text in it treated so; what the tool itself names stays as it is. */
  readonly hideIn: <T>(value: T) => T;
}

const instead = "***";

// Passwords reach texts by URLs, connection strings and SQL that somebody put into a file or a message. A
// quoted one may have lost its end, where a text was cut.
const forms: readonly (readonly [RegExp, string])[] = [
  [/(\b[a-z][a-z0-9+.-]*:\/\/[^\s:/@?#"'<>]*):[^\s/?#"'<>]+@/gi, `$1:${instead}@`],
  [
    /\b(\w*password\s*=\s*)('(?:[^'\\]|''|\\.)*(?:'|$)|"(?:[^"\\]|\\.)*(?:"|$)|[^\s'"&;]+)/gi,
    `$1${instead}`,
  ],
  [/\b(password\s+)(e?'(?:[^'\\]|''|\\.)*(?:'|$)|\$(\w*)\$[\s\S]*?(?:\$\3\$|$))/gi, `$1${instead}`],
];

/** The text without the passwords that its own form gives away: in URLs, `password=…`, SQL's PASSWORD '…'. */
export function hideForms(text: string): string {
  return forms.reduce((seen, [pattern, shown]) => seen.replace(pattern, shown), text);
}

// Fields whose values are words of the tool itself, which a password may happen to be.
const ownWords = new Set(["schema", "command", "tool", "state", "level", "startedAt", "help"]);

/** Hides what {@link hideForms} finds, and the known passwords literally, however they are written. */
export function createSecrets(passwords: readonly string[]): Secrets {
  const known = spellings(passwords);
  const hide = (text: string): string =>
    hideForms(known.reduce((seen, secret) => seen.replaceAll(secret, () => instead), text));
  const walk = (value: unknown): unknown => {
    if (typeof value === "string") return hide(value);
    if (Array.isArray(value)) return value.map(walk);
    if (!isRecord(value)) return value;
    const entries = Object.entries(value);
    return Object.fromEntries(
      entries.map(([key, field]) => [key, ownWords.has(key) ? field : walk(field)]),
    );
  };
  return { hide, hideIn: <T>(value: T): T => walk(value) as T }; // the same shape, other texts
}

// Only data is walked: a Date and its like hold no password.
function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === "object" && value !== null && Object.getPrototypeOf(value) === plain;
}

const plain: unknown = Object.prototype;

// What is shorter is a part of too many words, and would make every report unreadable.
const lengthMin = 4;

// As it is, as an address, JSON and SQL write it; the longest first, since one may be a part of another.
function spellings(passwords: readonly string[]): string[] {
  const all = passwords.flatMap((password) => [
    password,
    encodeURIComponent(password),
    JSON.stringify(password).slice(1, -1),
    password.replaceAll("'", "''"),
  ]);
  return [...new Set(all)]
    .filter((spelling) => spelling.length >= lengthMin)
    .toSorted((one, two) => two.length - one.length);
}

/** The passwords of database URLs that stand somewhere in the texts, as written, as sent and as meant. */
export function passwordsIn(texts: readonly string[]): string[] {
  return texts.flatMap((text) => {
    const url = /postgres(?:ql)?:\/\/[\s\S]*/i.exec(text)?.[0];
    if (url === undefined) return [];
    const raw = /^\w+:\/\/[^:@/]*:([\s\S]*)@/.exec(url)?.[1];
    const parsed = URL.parse(url);
    const written = [raw, parsed?.password, parsed?.searchParams.get("password")];
    return written.flatMap((one) => (one ? [one, decoded(one)] : []));
  });
}

function decoded(text: string): string {
  try {
    return decodeURIComponent(text);
  } catch {
    return text;
  }
}
