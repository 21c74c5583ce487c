/** Where there is no device to be had, the sentence says which of the reasons it is, and what to do. */
import { afterEach, expect, test, vi } from 'vitest';
import { openDevice } from '../../src/gpu/device';
import { engineText } from '../../src/text/engine';

afterEach(() => {
  vi.unstubAllGlobals();
});

/** A browser's globals, as far as opening asks for them. */
function browser(isSecureContext: boolean, navigator: object): void {
  vi.stubGlobal('isSecureContext', isSecureContext);
  vi.stubGlobal('navigator', navigator);
}

const silent = { requestAdapter: () => Promise.resolve(null) };

test.each([
  ['insecure-context', engineText.insecureContext, false, {}],
  ['no-webgpu', engineText.noWebGpu, true, {}],
  ['no-adapter', engineText.noAdapter, true, { gpu: silent }],
])('%s', async (code, sentence, secure, navigator) => {
  browser(secure, navigator);
  await expect(openDevice()).rejects.toMatchObject({ name: `LabError/${code}`, message: sentence });
});
