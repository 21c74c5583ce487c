/** Every kernel file with what its header says it includes, by file name. */
const texts = import.meta.glob<string>('../../shaders/**/*.wgsl', { query: '?raw', import: 'default', eager: true });

function textOf(path: string): string {
  const text = texts[`../../shaders/${path}`];
  if (text === undefined) throw new Error(`There is no shaders/${path}`);
  return text;
}

/** Files that the header of a kernel names, in order. */
function includesOf(text: string): string[] {
  return (/^\/\/ includes:(.*)$/m.exec(text)?.[1] ?? '').split(/[\s,]+/).filter(Boolean);
}

export const kernelSources: [name: string, source: string][] = Object.keys(texts)
  .map((path) => path.replace('../../shaders/', ''))
  .filter((path) => !path.startsWith('lib/'))
  .map((path) => [path, [...includesOf(textOf(path)).map(textOf), textOf(path)].join('\n')]);
