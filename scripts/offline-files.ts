/**
 * Builds the service worker beside the page and gives it the list of what to keep: every file of the build, by its
 * hash, but for texts, which are large and kept once somebody has chosen them.
 */
import { createHash } from 'node:crypto';
import { readdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { Plugin } from 'vite';

const WORKER = 'service-worker.js';

function hash(content: string | Uint8Array): string {
  return createHash('sha256').update(content).digest('base64');
}

/** What `workers/service-worker.ts` needs to know of a folder that holds a build. */
export async function listFiles(folder: string): Promise<{
  version: string;
  kept: Record<string, string>;
  later: string[];
}> {
  const entries = await readdir(folder, { recursive: true, withFileTypes: true });
  const files = entries
    .filter((entry) => entry.isFile())
    .map((entry) =>
      join(entry.parentPath, entry.name)
        .slice(folder.length + 1)
        .replaceAll('\\', '/'),
    )
    .filter((file) => file !== WORKER)
    .sort();
  const later = files.filter((file) => file.endsWith('.txt'));
  const kept: Record<string, string> = {};
  for (const file of files) {
    if (later.includes(file)) continue;
    kept[file === 'index.html' ? './' : file] = `sha256-${hash(await readFile(join(folder, file)))}`;
  }
  return { version: hash(JSON.stringify({ kept, later })).slice(0, 12), kept, later };
}

export function offlineFiles(): Plugin {
  return {
    name: 'offline-files',
    apply: 'build',
    buildStart() {
      // A fixed name: browsers know a service worker by its address.
      this.emitFile({ type: 'chunk', id: 'workers/service-worker.ts', fileName: WORKER });
    },
    async writeBundle({ dir = 'dist' }) {
      const worker = join(dir, WORKER);
      const list = JSON.stringify(await listFiles(dir));
      await writeFile(worker, `const OFFLINE_FILES=${list};\n${await readFile(worker, 'utf8')}`);
    },
  };
}
