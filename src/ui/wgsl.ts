/** WGSL cut into pieces for a reader's eye. Not a parser: it knows comments, attributes, numbers and some words. */

export type PieceKind = 'comment' | 'attribute' | 'keyword' | 'type' | 'number';

export interface Piece {
  text: string;
  /** Absent for all else. */
  kind?: PieceKind;
}

const KEYWORDS =
  'alias|break|const|continue|continuing|diagnostic|else|enable|false|fn|for|if|let|loop|override|requires|return|struct|switch|true|var|while';
const TYPES = 'array|atomic|bool|[fiu]32|f16|mat[2-4]x[2-4][fh]?|ptr|vec[2-4][fiuh]?';

const PIECES = new RegExp(
  [
    '(?<comment>//.*)',
    '(?<attribute>@\\w+)',
    `(?<keyword>\\b(?:${KEYWORDS})\\b)`,
    `(?<type>\\b(?:${TYPES})\\b)`,
    '(?<number>\\b(?:0x[\\da-fA-F]+|\\d+(?:\\.\\d*)?(?:e[+-]?\\d+)?)[iufh]?\\b)',
  ].join('|'),
  'g',
);

/** One line in pieces, which joined are the line. */
export function wgslPieces(line: string): Piece[] {
  const pieces: Piece[] = [];
  let from = 0;
  for (const match of line.matchAll(PIECES)) {
    if (match.index > from) pieces.push({ text: line.slice(from, match.index) });
    const kind = Object.entries(match.groups ?? {}).find(([, text]) => text !== undefined)?.[0] as PieceKind;
    pieces.push({ text: match[0], kind });
    from = match.index + match[0].length;
  }
  if (from < line.length) pieces.push({ text: line.slice(from) });
  return pieces;
}

/** Lines as they are shown: where comments were taken out, no holes are left. */
export function wgslLines(code: string): string[] {
  return code
    .replace(/[ \t]+$/gm, '')
    .replace(/\n{3,}/g, '\n\n')
    .trim()
    .split('\n');
}
