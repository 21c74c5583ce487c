/**
 * Partial evaluation of a WGSL file by its module-scope constants, as text:
 *
 * 1. `const NAME = …;` is given the value that the caller asks for;
 * 2. `if (CONSTANT) { … } else { … }` keeps only the branch that is taken;
 * 3. `for (var i = 0u; i < CONSTANT; i++) { … }` is written out;
 * 4. a local `var a: array<T, N>;` that is now indexed by constants only becomes N variables.
 *
 * The file itself stays plain, valid WGSL that computes the same. What is gained are registers: compilers of
 * software adapters keep an indexed array in memory, which makes a register tile five times slower (measured).
 */
export type Constants = Readonly<Record<string, number | boolean>>;

type Value = number | boolean;
type Scope = ReadonlyMap<string, Value>;

/** Returns the source specialised to `constants`. Throws when a name is not a constant of the file. */
export function specialise(source: string, constants: Constants = {}): string {
  let text = stripComments(source);
  for (const [name, value] of Object.entries(constants)) {
    const declaration = new RegExp(`\\bconst ${name} = [^;]+;`);
    if (!declaration.test(text)) throw new Error(`specialise: the shader declares no constant ${name}`);
    text = text.replace(declaration, `const ${name} = ${typeof value === 'boolean' ? String(value) : `${value}u`};`);
  }
  const scope = readConstants(text);
  text = expand(text, scope);
  return scalarise(text, scope);
}

function stripComments(text: string): string {
  return text.replace(/\/\/[^\n]*/g, '');
}

/** Values of a module's constants, as far as they are numbers and booleans. */
export function readConstants(text: string): Map<string, Value> {
  const scope = new Map<string, Value>();
  for (const [, name, expression] of text.matchAll(/^const (\w+) = ([^;]+);/gm)) {
    const value = evaluate(expression!, scope);
    if (value !== undefined) scope.set(name!, value);
  }
  return scope;
}

/** Index just behind the bracket that closes the one at `open`. */
export function closing(text: string, open: number): number {
  const opener = text[open]!;
  const closer = ({ '{': '}', '(': ')', '[': ']' } as Record<string, string>)[opener]!;
  let depth = 0;
  for (let i = open; i < text.length; i++) {
    if (text[i] === opener) depth++;
    else if (text[i] === closer && --depth === 0) return i + 1;
  }
  throw new Error(`specialise: unbalanced ${opener}`);
}

const LOOP_OR_IF = /\bfor \(var (\w+) = 0u; \1 < ([^;]+); \1\+\+\) (?=\{)|\bif (?=\()/g;

/** Writes out constant loops and drops branches that constants rule out, outermost first. */
function expand(text: string, scope: Scope): string {
  const pattern = new RegExp(LOOP_OR_IF);
  let out = '';
  let from = 0;
  for (let match = pattern.exec(text); match; match = pattern.exec(text)) {
    const after = match.index + match[0].length;
    const piece = match[1] === undefined ? constantIf(text, after, scope) : constantLoop(text, match, after, scope);
    if (!piece) continue;
    out += text.slice(from, match.index) + piece.text;
    from = pattern.lastIndex = piece.end;
  }
  return out + text.slice(from);
}

interface Piece {
  text: string;
  end: number;
}

function constantLoop(text: string, match: RegExpExecArray, open: number, scope: Scope): Piece | undefined {
  const count = evaluate(match[2]!, scope);
  if (typeof count !== 'number') return undefined;
  const end = closing(text, open);
  const body = text.slice(open, end);
  // Written out, these would mean the loop around it.
  if (/\b(break|continue)\b/.test(body)) return undefined;
  const variable = new RegExp(`(?<![.\\w])${match[1]!}\\b`, 'g');
  const copies = Array.from({ length: count }, (_, i) => expand(body.replace(variable, `${i}u`), scope));
  return { text: copies.join('\n'), end };
}

function constantIf(text: string, open: number, scope: Scope): Piece | undefined {
  const behindCondition = closing(text, open);
  const condition = evaluate(text.slice(open + 1, behindCondition - 1), scope);
  if (typeof condition !== 'boolean') return undefined;
  const thenOpen = text.indexOf('{', behindCondition);
  let end = closing(text, thenOpen);
  const thenBlock = text.slice(thenOpen, end);
  let elseBlock = '{}';
  const otherwise = /^\s*else\s*/.exec(text.slice(end));
  if (otherwise) {
    const elseOpen = end + otherwise[0].length;
    if (text[elseOpen] !== '{') throw new Error('specialise: write `else { if … }`, not `else if`');
    end = closing(text, elseOpen);
    elseBlock = text.slice(elseOpen, end);
  }
  return { text: expand(condition ? thenBlock : elseBlock, scope), end };
}

/** Turns local arrays whose indices are all constants into single variables. */
function scalarise(text: string, scope: Scope): string {
  for (const [declaration, name, type, length] of text.matchAll(/\bvar (\w+): array<(\w+), ([^>]+)>;/g)) {
    const count = evaluate(length!, scope);
    if (typeof count !== 'number') continue;
    const uses = indexedUses(text, name!, scope);
    if (uses.some((use) => use.index === undefined)) continue;
    let out = '';
    let from = 0;
    for (const use of uses) {
      out += `${text.slice(from, use.start)}${name}_${use.index}`;
      from = use.end;
    }
    const variables = Array.from({ length: count }, (_, i) => `var ${name}_${i}: ${type};`).join(' ');
    text = (out + text.slice(from)).replaceAll(declaration, variables);
  }
  return text;
}

function indexedUses(text: string, name: string, scope: Scope): { start: number; end: number; index?: number }[] {
  return [...text.matchAll(new RegExp(`\\b${name}\\[`, 'g'))].map((match) => {
    const open = match.index + name.length;
    const end = closing(text, open);
    const index = evaluate(text.slice(open + 1, end - 1), scope);
    return { start: match.index, end, ...(typeof index === 'number' ? { index } : {}) };
  });
}

const LEVELS = [['||'], ['&&'], ['==', '!='], ['<', '>', '<=', '>='], ['+', '-'], ['*', '/', '%']];

/** What `evaluate` throws to itself. */
class NotConstant extends Error {}

/** Value of a constant expression over u32 and bool, or undefined when anything in it is not constant. */
export function evaluate(expression: string, scope: Scope): Value | undefined {
  const tokens = expression.match(/\d+u?|\w+|\|\||&&|[=!<>]=|[-+*/%<>!()]|\S/g) ?? [];
  let at = 0;
  const primary = (): Value => {
    const token = tokens[at++];
    if (token === undefined) throw new NotConstant();
    if (token === '(') {
      const value = binary(0);
      if (tokens[at++] !== ')') throw new NotConstant();
      return value;
    }
    if (token === '!') return !primary();
    if (/^\d+u?$/.test(token)) return Number.parseInt(token, 10);
    if (token === 'true' || token === 'false') return token === 'true';
    const value = scope.get(token);
    if (value === undefined) throw new NotConstant();
    return value;
  };
  const binary = (level: number): Value => {
    const operators = LEVELS[level];
    if (!operators) return primary();
    let left = binary(level + 1);
    while (operators.includes(tokens[at] ?? '')) left = apply(tokens[at++]!, left, binary(level + 1));
    return left;
  };
  try {
    const value = binary(0);
    return at === tokens.length ? value : undefined;
  } catch (error) {
    if (error instanceof NotConstant) return undefined;
    throw error;
  }
}

function apply(operator: string, left: Value, right: Value): Value {
  const [a, b] = [Number(left), Number(right)];
  switch (operator) {
    case '||':
      return Boolean(left) || Boolean(right);
    case '&&':
      return Boolean(left) && Boolean(right);
    case '==':
      return left === right;
    case '!=':
      return left !== right;
    case '<':
      return a < b;
    case '>':
      return a > b;
    case '<=':
      return a <= b;
    case '>=':
      return a >= b;
    case '+':
      return a + b;
    case '-':
      return a - b;
    case '*':
      return a * b;
    case '/':
      return Math.floor(a / b);
    default:
      return a % b;
  }
}
