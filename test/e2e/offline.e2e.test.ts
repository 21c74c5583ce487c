/**
 * From a plain server's sub-path: the page opens and keeps itself; a newer version waits for a press, and runs under way
 * outlive it; and with the server gone the page opens, shows what was recorded, and trains.
 */
import { readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, inject, test } from 'vitest';
import { listFiles } from '../../scripts/offline-files';
import { keepingText } from '../../src/text/keeping';
import { offlineText } from '../../src/text/offline';
import { text } from '../../src/text/text';
import { serveUnder, type StaticHost } from './static-host';
import { visit, type Visit } from './visit';

const NEXT = '<meta name="version" content="next">';

/** Models whose kernels are soon compiled. */
const SMALL = 'seeds=7&width=8&experts=4';

let host: StaticHost;
let at: Visit;

beforeAll(async () => {
  host = await serveUnder('/some/sub/path/', inject('dist'));
  at = await visit(`${host.url}?theme=light#budget=8e11&${SMALL}`);
});

afterAll(async () => {
  await at?.browser.close();
  host?.close();
});

/** Puts another version on the host, as a school does that copies a newer build. */
async function publish(): Promise<void> {
  const page = join(host.folder, 'index.html');
  writeFileSync(page, readFileSync(page, 'utf8').replace('<title>', `${NEXT}<title>`));
  const worker = join(host.folder, 'service-worker.js');
  const [, ...code] = readFileSync(worker, 'utf8').split('\n');
  writeFileSync(worker, [`const OFFLINE_FILES=${JSON.stringify(await listFiles(host.folder))};`, ...code].join('\n'));
}

test('the first visit keeps the page, all of it but texts', async () => {
  const { page } = at;
  await page.getByText(offlineText.ready).waitFor();
  const kept = await page.evaluate(async () => {
    const [name] = await caches.keys();
    const requests = await (await caches.open(name!)).keys();
    return requests.map(({ url }) => url);
  });
  const built = readdirSync(host.folder, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile() && !/service-worker\.js$|\.txt$/.test(entry.name))
    .map((entry) => join(entry.parentPath, entry.name).slice(host.folder.length + 1));
  const expected = built.map((file) => host.url + (file === 'index.html' ? '' : file.replaceAll('\\', '/')));
  expect(kept.sort()).toEqual(expected.sort());
});

test('browsers can install it: a manifest, with icons as large as it says', async () => {
  const { page } = at;
  const session = await page.context().newCDPSession(page);
  const { errors, url } = await session.send('Page.getAppManifest');
  expect(errors).toEqual([]);
  expect(url).toBe(`${host.url}manifest.json`);
  const { installabilityErrors } = await session.send('Page.getInstallabilityErrors');
  // Of a window that leaves no traces nothing can be installed, whatever the page does.
  expect(installabilityErrors.filter(({ errorId }) => errorId !== 'in-incognito')).toEqual([]);
  const { icons } = JSON.parse(readFileSync(join(host.folder, 'manifest.json'), 'utf8')) as {
    icons: { src: string; sizes: string; type: string }[];
  };
  for (const { src, sizes } of icons.filter(({ type }) => type === 'image/png')) {
    const png = readFileSync(join(host.folder, src));
    expect(`${png.readUInt32BE(16)}x${png.readUInt32BE(20)}`).toBe(sizes);
  }
});

test('a text is fetched and kept when it is wanted, and not before', async () => {
  const { later } = await listFiles(host.folder);
  expect(later).toHaveLength(1);
  const [before, after] = await at.page.evaluate(async (address) => {
    const known = async () => (await caches.match(address)) !== undefined;
    const first = await known();
    await (await fetch(address)).arrayBuffer();
    // It is put aside while it is read.
    for (let i = 0; i < 100 && !(await known()); i++) await new Promise((resolve) => setTimeout(resolve, 50));
    return [first, await known()];
  }, host.url + later[0]!);
  expect([before, after]).toEqual([false, true]);
});

test('a newer version waits while runs are under way; a press reloads for it, and the runs can go on', async () => {
  const { page } = at;
  await page.locator('run-panel .go').click();
  await page.getByRole('button', { name: text.run.pause, exact: false }).waitFor();
  await publish();
  await page.evaluate(async () => (await navigator.serviceWorker.getRegistration())!.update());
  await page.getByText(offlineText.underWay).waitFor();
  expect(await page.locator('meta[name=version]').count()).toBe(0);
  expect(await page.getByRole('button', { name: text.run.pause, exact: false }).isVisible()).toBe(true);
  await page.getByRole('button', { name: offlineText.reload }).click();
  await page.locator('meta[name=version]').waitFor({ state: 'attached' });
  await page.getByRole('button', { name: keepingText.goOn }).waitFor();
  await page.getByText(offlineText.ready).waitFor();
  expect(await page.getByText(offlineText.waits).count()).toBe(0);
  // The version before is gone, the text that was kept is not.
  expect(await page.evaluate(async () => (await caches.keys()).length)).toBe(1);
  const { later } = await listFiles(host.folder);
  expect(await page.evaluate(async (url) => (await caches.match(url)) !== undefined, host.url + later[0]!)).toBe(true);
});

test('nothing was asked of the host but what lies under the path and is there', () => {
  expect(host.missing).toEqual([]);
  expect(at.strangers).toEqual([]);
});

test('with the host gone the page opens, shows what was recorded, and trains', async () => {
  const { page } = at;
  host.close();
  await page.goto(`${host.url}index.html?theme=light`);
  await page.getByText('Recorded on').first().waitFor();
  await page.goto(`${host.url}index.html?theme=light#budget=smoke&${SMALL}`);
  await page.reload();
  await page.getByText(text.footer.noDevice).waitFor({ state: 'detached' });
  await page.locator('run-panel .go').click();
  await page.getByRole('img', { name: /Now: dense \d\.\d\d, sparse \d\.\d\d/ }).waitFor();
  expect(at.complaints).toEqual([]);
});
