// Shows a page of its own while the server cannot be reached. It keeps nothing else: no plate and no picture.
const KEPT = 'offline-1';
const OFFLINE = ['./offline.html', './offline.css'];

self.addEventListener('install', (event) => {
  event.waitUntil(caches.open(KEPT).then((cache) => cache.addAll(OFFLINE)));
});

self.addEventListener('activate', (event) => {
  const forget = async () => {
    for (const name of await caches.keys()) if (name !== KEPT) await caches.delete(name);
  };
  event.waitUntil(forget());
});

self.addEventListener('fetch', (event) => {
  const { request } = event;
  const isStyle = new URL(request.url).pathname.endsWith('/offline.css');
  if (request.mode !== 'navigate' && !isStyle) return;
  const kept = isStyle ? './offline.css' : './offline.html';
  event.respondWith(fetch(request).catch(() => caches.match(kept)));
});
