// Passwords reach texts by URLs and by connection strings that somebody put into a file or a message.
const secrets: readonly (readonly [RegExp, string])[] = [
  [/(\b[a-z][a-z0-9+.-]*:\/\/[^\s:/@]*):[^\s@/]+@/gi, "$1:***@"],
  [/\b(password\s*(?:=|\s)\s*)('[^']*'|"[^"]*"|[^\s'";,]+)/gi, "$1***"],
];

/** The text with every password in it replaced by `***`. */
export function hideSecrets(text: string): string {
  return secrets.reduce((seen, [pattern, instead]) => seen.replace(pattern, instead), text);
}
