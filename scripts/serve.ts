/**
 * Serves the page on a free local port, for everything that opens it in a browser by program: the terminal
 * commands and the end-to-end tests. It is the *built* page, exactly what a static host would serve, so that
 * no module is transformed and no reload happens while something is being measured.
 */
import { rmSync } from 'node:fs';
import { mkdtemp } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { build, preview } from 'vite';

export interface Served {
  /** Address of the page, with a trailing slash. */
  url: string;
  /** Folder that holds the build. */
  folder: string;
  close(): Promise<void>;
}

const lab = join(import.meta.dirname, '..');

/** A test runner has set NODE_ENV to `test`, which would build the libraries' larger development versions. */
async function buildForProduction(root: string, folder: string): Promise<void> {
  const before = process.env.NODE_ENV;
  process.env.NODE_ENV = 'production';
  try {
    await build({ root, logLevel: 'warn', build: { outDir: folder, emptyOutDir: true } });
  } finally {
    if (before === undefined) delete process.env.NODE_ENV;
    else process.env.NODE_ENV = before;
  }
}

/** Builds the page of `root`, by the vite configuration that is there, into a folder of its own and serves it. */
export async function serveBuiltPage(root = lab): Promise<Served> {
  const folder = await mkdtemp(join(tmpdir(), 'scaling-lab-'));
  const remove = () => {
    rmSync(folder, { recursive: true, force: true });
  };
  process.once('exit', remove); // However this process ends, it leaves nothing behind.
  await buildForProduction(root, folder);
  const server = await preview({
    root,
    logLevel: 'warn',
    build: { outDir: folder },
    preview: { host: 'localhost', port: 0, open: false },
  });
  const url = server.resolvedUrls?.local[0];
  if (!url) throw new Error('The local web server has no address.');
  return {
    url,
    folder,
    async close() {
      await server.close();
      remove();
    },
  };
}
