/** Set-up of the `e2e` project: builds and serves the page once; tests read `inject('url')` and `inject('dist')`. */
import type { TestProject } from 'vitest/node';
import { serveBuiltPage } from '../scripts/serve';

declare module 'vitest' {
  interface ProvidedContext {
    /** Address of the built page. */
    url: string;
    /** Folder that holds the build. */
    dist: string;
  }
}

export default async function setup(project: TestProject): Promise<() => Promise<void>> {
  const served = await serveBuiltPage();
  project.provide('url', served.url);
  project.provide('dist', served.folder);
  return () => served.close();
}
