/**
 * Keeps the built lab, so that it opens without a connection after the first visit. Every version has a cache of its
 * own, filled as a whole before it is used: whatever is missing or is not what was built (a host in the middle of being
 * updated) makes the installation fail, and the version before goes on. A new version waits until no page uses the old
 * one, or until a page asks for it; it never takes a page away.
 */
declare const self: ServiceWorkerGlobalScope;

/** What `scripts/offline-files.ts` writes before this script. Addresses are relative to it; `./` is the page. */
declare const OFFLINE_FILES: {
  /** Hash of all that follows. */
  version: string;
  /** SHA-256 of each file that is kept from the start, in the form of `integrity`. */
  kept: Record<string, string>;
  /** Large files, which are kept from the first time that they are wanted. */
  later: string[];
};

const absolute = (file: string): string => new URL(file, self.location.href).href;
// One origin may serve several labs, each under a path of its own; they share these names.
const prefix = `scaling-lab ${self.registration.scope} `;
const name = prefix + OFFLINE_FILES.version;
const later = OFFLINE_FILES.later.map(absolute);

async function keepAll(): Promise<void> {
  const cache = await caches.open(name);
  const keep = async (url: string, integrity: string): Promise<void> => {
    const response = await fetch(url, { integrity, cache: 'no-cache' });
    if (!response.ok) throw new Error(`${url}: ${response.status}`);
    await cache.put(url, response);
  };
  await Promise.all(Object.entries(OFFLINE_FILES.kept).map(([file, integrity]) => keep(absolute(file), integrity)));
  for (const url of later) {
    const known = await caches.match(url);
    if (known) await cache.put(url, known);
  }
}

async function begin(): Promise<void> {
  await self.clients.claim();
  // Other tabs may still show the version before, and ask for parts of it.
  if ((await self.clients.matchAll({ type: 'window' })).length > 1) return;
  const old = (await caches.keys()).filter((each) => each.startsWith(prefix) && each !== name);
  await Promise.all(old.map((each) => caches.delete(each)));
}

async function answer(event: FetchEvent): Promise<Response> {
  // What stands behind the address's `?` is read by the page.
  const url = event.request.url.replace(/[?#].*$/, '').replace(/\/index\.html$/, '/');
  const cache = await caches.open(name);
  const any = { ignoreVary: true };
  const found = (await cache.match(url, any)) ?? (await caches.match(url, any));
  // A host that redirected it once: browsers refuse such an answer to a navigation.
  if (found) return found.redirected ? new Response(found.body, found) : found;
  const fetched = await fetch(event.request);
  if (fetched.ok && later.includes(url)) event.waitUntil(cache.put(url, fetched.clone()));
  return fetched;
}

self.addEventListener('install', (event) => {
  event.waitUntil(keepAll());
});
self.addEventListener('activate', (event) => {
  event.waitUntil(begin());
});
self.addEventListener('fetch', (event) => {
  const { method, url } = event.request;
  if (method === 'GET' && url.startsWith(self.registration.scope)) event.respondWith(answer(event));
});
self.addEventListener('message', (event) => {
  if (event.data === 'take-over') void self.skipWaiting();
});

export {};
