/** Serves the project's modules to a page with nothing on it, which imports what it is told to. */
import { join } from 'node:path';
import { createServer, type Plugin, type ViteDevServer } from 'vite';

const BLANK = '/blank-page';

/** A page with nothing on it, so that nothing competes with what is measured. */
const blankPage: Plugin = {
  name: 'blank-page',
  configureServer(server) {
    server.middlewares.use(BLANK, (_request, response) => {
      response.setHeader('content-type', 'text/html').end('<!doctype html><title>Measuring</title>');
    });
  },
};

/** The server, listening, and the blank page's address. `purpose` names a cache that no other command uses. */
export async function serveModules(purpose: string): Promise<{ server: ViteDevServer; url: string }> {
  const server = await createServer({
    root: join(import.meta.dirname, '..'),
    logLevel: 'warn',
    // Its own cache: a dev server or a test run may be using theirs. No reload may interrupt a measurement.
    cacheDir: `node_modules/.vite-${purpose}`,
    server: { host: 'localhost', port: 0, open: false, hmr: false, watch: null },
    plugins: [blankPage],
  });
  await server.listen();
  return { server, url: new URL(BLANK, server.resolvedUrls?.local[0]).href };
}
