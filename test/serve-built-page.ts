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

export default async function setup(project: TestProject): Promise<(() => Promise<void>) | undefined> {
  try {
    const served = await serveBuiltPage();
    project.provide('url', served.url);
    project.provide('dist', served.folder);
    return () => served.close();
  } catch (error) {
    // Thrown here it would keep the other projects from running; without an address every test of this one fails.
    console.error('The page could not be built, so its tests will fail.', error);
    return undefined;
  }
}
