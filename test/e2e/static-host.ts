/** The plainest web server that a school may have: files of a folder under a path, and nothing of its own invention. */
import { cpSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { extname, join } from 'node:path';

const TYPES: Record<string, string> = {
  '.html': 'text/html',
  '.js': 'text/javascript',
  '.css': 'text/css',
  '.svg': 'image/svg+xml',
  '.png': 'image/png',
  '.json': 'application/json',
  '.txt': 'text/plain',
};

export interface StaticHost {
  /** Address of the page, with a trailing slash. */
  url: string;
  /** A copy of the build, which a test may change. */
  folder: string;
  /** Paths that were asked for and are not there. */
  missing: string[];
  /** No server any more: what is asked for from now on fails. */
  close(): void;
}

export async function serveUnder(path: string, build: string): Promise<StaticHost> {
  const folder = mkdtempSync(join(tmpdir(), 'scaling-lab-host-'));
  cpSync(build, folder, { recursive: true });
  const missing: string[] = [];
  const server = createServer((request, response) => {
    const { pathname } = new URL(request.url ?? '/', 'http://host/');
    try {
      if (!pathname.startsWith(path)) throw new Error('It is not under the path.');
      const file = join(folder, pathname.slice(path.length) || 'index.html');
      const content = readFileSync(file);
      response.setHeader('content-type', TYPES[extname(file)] ?? 'application/octet-stream').end(content);
    } catch {
      missing.push(pathname);
      response.writeHead(404).end();
    }
  });
  await new Promise<void>((resolve) => server.listen(0, 'localhost', resolve));
  return {
    url: `http://localhost:${(server.address() as AddressInfo).port}${path}`,
    folder,
    missing,
    close() {
      server.close();
      server.closeAllConnections();
      rmSync(folder, { recursive: true, force: true });
    },
  };
}
