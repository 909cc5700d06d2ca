const nearMax = 3;

/** The texts that look most like another: those that share most pieces of three letters, as the database judges. */
export function near<Text extends string>(asked: string, known: Iterable<Text>): readonly Text[] {
  const pieces = piecesOf(asked);
  return Array.from(known, (text) => ({ text, likeness: likenessOf(piecesOf(text), pieces) }))
    .toSorted((one, other) => other.likeness - one.likeness)
    .slice(0, nearMax)
    .map(({ text }) => text);
}

function likenessOf(one: ReadonlySet<string>, other: ReadonlySet<string>): number {
  return (2 * one.intersection(other).size) / (one.size + other.size);
}

function piecesOf(text: string): ReadonlySet<string> {
  const padded = `  ${text.slice(0, 100).toLowerCase().replaceAll(/\W+/gu, " ")} `;
  return new Set(Array.from({ length: padded.length - 2 }, (_, at) => padded.slice(at, at + 3)));
}
