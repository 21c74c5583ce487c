import { describe, expect, it } from 'vitest';
import { evaluate, specialise } from '../../src/gpu/specialise';
import { kernelSources } from './shaders';

/** The text without blanks that carry no meaning. */
function tidy(text: string): string {
  return text.replace(/\s+/g, ' ').trim();
}

const scope = new Map<string, number | boolean>([
  ['TILE', 8],
  ['GELU', true],
  ['BIAS', false],
]);

describe('constant expressions', () => {
  it.each([
    ['7u', 7],
    ['TILE / 3u', 2],
    ['TILE % 3u', 2],
    ['1u + TILE * 2u - 3u', 14],
    ['10u - 3u - 2u', 5],
    ['(1u + TILE) * 2u', 18],
    ['TILE >= 8u && !BIAS', true],
    ['BIAS || TILE < 8u', false],
    ['GELU == !BIAS', true],
    ['TILE != 8u', false],
    ['TILE <= 8u && TILE > 7u', true],
  ])('%s is %s', (expression, value) => {
    expect(evaluate(expression, scope)).toBe(value);
  });

  it.each(['i + 1u', 'extents.m', '0xffu', '1.5', '3.0e38', 'vec4f(TILE)', '(TILE', 'TILE TILE', ''])(
    '%s is none',
    (expression) => {
      expect(evaluate(expression, scope)).toBeUndefined();
    },
  );
});

describe('constants', () => {
  it('take the value asked for, and others are derived from it', () => {
    const source = 'const A = 1u;\nconst B = A * 4u;\nfn f() { for (var i = 0u; i < B; i++) { g(i); } }';
    const written = specialise(source, { A: 2 });
    expect(written).toContain('const A = 2u;');
    expect(written.match(/g\(\du\)/g)).toHaveLength(8);
    expect(specialise('const F = false;', { F: true })).toBe('const F = true;');
  });

  it('that the file does not declare are refused by name', () => {
    expect(() => specialise('const A = 1u;', { B: 2 })).toThrow('declares no constant B');
  });
});

describe('loops', () => {
  it('with a constant bound are written out, nested ones too, with their variable replaced', () => {
    const source =
      'const N = 2u;\nfn f() { for (var i = 0u; i < N; i++) { for (var j = 0u; j < i; j++) { g(i, j, hi); } } }';
    expect(tidy(specialise(source))).toBe('const N = 2u; fn f() { { } { { g(1u, 0u, hi); } } }');
  });

  it('with any other bound or step are kept', () => {
    for (const head of ['i < n', 'i < extents.m']) {
      const source = `fn f() { for (var i = 0u; ${head}; i++) { g(i); } }`;
      expect(specialise(source)).toBe(source);
    }
    const fromOne = 'const N = 3u;\nfn f() { for (var i = 1u; i < N; i++) { g(i); } }';
    expect(specialise(fromOne)).toBe(fromOne);
  });

  it('that are left early are kept: written out, `break` would mean another loop', () => {
    for (const word of ['break', 'continue']) {
      const source = `const N = 3u;\nfn f() { for (var i = 0u; i < N; i++) { if (i == n) { ${word}; } } }`;
      expect(specialise(source)).toBe(source);
    }
  });

  it('do not touch members that bear the name of their variable', () => {
    const source = 'const N = 1u;\nfn f() { for (var b = 0u; b < N; b++) { g(colour.b, b); } }';
    expect(tidy(specialise(source))).toContain('g(colour.b, 0u)');
  });
});

describe('branches', () => {
  const source = 'const F = true;\nfn f() { if (F) { yes(); } else { no(); } if (x) { other(); } }';

  it('keep only what is taken', () => {
    expect(tidy(specialise(source))).toBe('const F = true; fn f() { { yes(); } if (x) { other(); } }');
    expect(tidy(specialise(source, { F: false }))).toBe('const F = false; fn f() { { no(); } if (x) { other(); } }');
  });

  it('without an else disappear', () => {
    expect(tidy(specialise('const F = false;\nfn f() { if (F) { yes(); } }'))).toBe('const F = false; fn f() { {} }');
  });

  it('of a written-out loop see its variable', () => {
    const loop = 'const N = 2u;\nfn f() { for (var i = 0u; i < N; i++) { if (i == 1u) { g(i); } } }';
    expect(tidy(specialise(loop))).toBe('const N = 2u; fn f() { { {} } { { g(1u); } } }');
  });

  it('chained by `else if` are refused', () => {
    expect(() => specialise('const F = true;\nfn f() { if (F) { } else if (x) { } }')).toThrow('else if');
  });
});

describe('local arrays', () => {
  it('with constant indices become variables', () => {
    const source =
      'const N = 2u;\nfn f() { var a: array<vec4f, N>; for (var i = 0u; i < N; i++) { a[i] = g(a[N - 1u - i]); } }';
    expect(tidy(specialise(source))).toBe(
      'const N = 2u; fn f() { var a_0: vec4f; var a_1: vec4f; { a_0 = g(a_1); } { a_1 = g(a_0); } }',
    );
  });

  it('with one index that is not constant stay arrays', () => {
    const source = 'const N = 2u;\nfn f() { var a: array<f32, N>; a[0u] = 1.0; g(a[n]); }';
    expect(specialise(source)).toBe(source);
  });
});

it('comments are dropped, and an unbalanced text is refused', () => {
  expect(specialise('let a = 1; // if (F) {\nlet b = 2;')).toBe('let a = 1; \nlet b = 2;');
  expect(() => specialise('const N = 1u;\nfn f() { for (var i = 0u; i < N; i++) { g(i);')).toThrow('unbalanced');
});

describe.each(kernelSources)('%s', (_name, source) => {
  const text = specialise(source);
  const constants = new Map(
    [...text.matchAll(/^const (\w+) = (\d+)u;$/gm)].map(([, name, value]) => [name!, Number(value)]),
  );

  it('has no constant loop left that counts from 0, and no branch on a constant', () => {
    const bounds = [...text.matchAll(/for \(var (\w+) = 0u; \1 < ([^;]+);/g)].map(([, , bound]) => bound!);
    expect(bounds.filter((bound) => evaluate(bound, constants) !== undefined)).toEqual([]);
    const conditions = [...text.matchAll(/\bif \(([^)]*)\)/g)].map(([, condition]) => condition!);
    expect(conditions.filter((condition) => /^!?[A-Z][A-Z_]+$/.test(condition))).toEqual([]);
  });

  it('keeps no local array in memory', () => {
    expect(text.match(/^ +var \w+: array<[^;]*;/gm) ?? []).toEqual([]);
  });

  it('has no block comment, which specialise would not see', () => {
    expect(source).not.toContain('/*');
  });
});
