// SPDX-License-Identifier: EUPL-1.2
// Pages somebody has seen, for when there is no network. VERSION and FILES stand before this line, written by the server.
//
// Kept is only what the server marks with X-Verbund-Offline: services, authorities, the page of what is kept. Forms,
// searches, applications and everything else always come from the network. Nothing is fetched from elsewhere.
'use strict';

const FILES_CACHE = `verbund-dateien-${VERSION}`;
const PAGES_CACHE = 'verbund-seiten-1';
const MOST_PAGES = 60;

self.addEventListener('install', (event) => {
  self.skipWaiting();
  event.waitUntil(caches.open(FILES_CACHE).then((cache) => cache.addAll([...FILES, '/offline'])));
});

self.addEventListener('activate', (event) => event.waitUntil((async () => {
  for (const name of await caches.keys()) {
    if (name.startsWith('verbund-dateien-') && name !== FILES_CACHE) await caches.delete(name);
  }
  await self.clients.claim();
})()));

async function keep(address, answer) {
  const cache = await caches.open(PAGES_CACHE);
  const headers = new Headers(answer.headers);
  headers.delete('content-encoding');
  headers.delete('content-length');
  headers.set('x-verbund-kept', new Date().toISOString());
  await cache.put(address, new Response(await answer.blob(), { headers }));
  const all = await cache.keys();   // in the order in which they were put
  for (const old of all.slice(0, Math.max(0, all.length - MOST_PAGES))) await cache.delete(old);
  // The page for "nothing is kept of this" in the language that is being read.
  const language = new URL(address).searchParams.get('lang');
  const files = await caches.open(FILES_CACHE);
  const offline = language ? `/offline?lang=${encodeURIComponent(language)}` : '/offline';
  if (!await files.match(offline)) await files.add(offline);
}

// A kept page, which says when it was true.
async function kept(address) {
  const copy = await (await caches.open(PAGES_CACHE)).match(address);
  if (!copy) return null;
  const text = await copy.text();
  const [, language] = text.match(/<html lang="([\w-]+)"/) ?? [];
  const time = new Date(copy.headers.get('x-verbund-kept'));
  const words = new Intl.DateTimeFormat(language === 'ar' ? 'ar-u-nu-latn' : language, { dateStyle: 'long', timeStyle: 'short' }).format(time);
  return new Response(text.replace(' hidden data-stale', ' data-stale').replace('{time}', words), { headers: copy.headers });
}

async function page(event) {
  const address = event.request.url.replace(/#.*/, '');
  try {
    const answer = await fetch(event.request);
    if (answer.ok && answer.headers.get('x-verbund-offline') === 'keep') {
      event.waitUntil(keep(address, answer.clone()).catch(() => {}));
    } else if (answer.status === 404 || answer.status === 410) {
      event.waitUntil(caches.open(PAGES_CACHE).then((cache) => cache.delete(address)));
    }
    return answer;
  } catch {
    const language = new URL(address).searchParams.get('lang');
    const files = await caches.open(FILES_CACHE);
    return await kept(address)
      ?? (language && await files.match(`/offline?lang=${encodeURIComponent(language)}`))
      ?? await files.match('/offline') ?? Response.error();
  }
}

// A page from before an update asks for files of its time: those of the same name do.
async function file(request) {
  const cache = await caches.open(FILES_CACHE);
  const exact = await cache.match(request);
  if (exact) return exact;
  try {
    return await fetch(request);
  } catch {
    const name = new URL(request.url).pathname.split('/').pop();
    const same = (await cache.keys()).find(({ url }) => url.endsWith(`/${name}`));
    return (same && await cache.match(same)) ?? Response.error();
  }
}

self.addEventListener('fetch', (event) => {
  const { request } = event;
  const url = new URL(request.url);
  if (request.method !== 'GET' || url.origin !== self.location.origin) return;
  if (request.mode === 'navigate') event.respondWith(page(event));
  else if (url.pathname.startsWith('/assets/')) event.respondWith(file(request));
});
