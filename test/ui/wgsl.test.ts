import { expect, test } from 'vitest';
import { wgslLines, wgslPieces } from '../../src/ui/wgsl';
import { kernelSources } from '../gpu/shaders';

test('comments, attributes, words, types and numbers are told apart', () => {
  const kinds = wgslPieces('@compute fn f(x: vec4f) { let a0 = 0x7fu + 1.5; } // not 3 let').filter(({ kind }) => kind);
  expect(kinds).toEqual([
    { text: '@compute', kind: 'attribute' },
    { text: 'fn', kind: 'keyword' },
    { text: 'vec4f', kind: 'type' },
    { text: 'let', kind: 'keyword' },
    { text: '0x7fu', kind: 'number' },
    { text: '1.5', kind: 'number' },
    { text: '// not 3 let', kind: 'comment' },
  ]);
});

test.each(kernelSources)('no character of %s is lost', (_name, source) => {
  for (const line of source.split('\n')) {
    expect(
      wgslPieces(line)
        .map(({ text }) => text)
        .join(''),
    ).toBe(line);
  }
});

test('holes that comments left are closed, and nothing else', () => {
  expect(wgslLines('\n\n\nfn f() {   \n\n\n\n  let a = 1;\n}\n')).toEqual(['fn f() {', '', '  let a = 1;', '}']);
});
