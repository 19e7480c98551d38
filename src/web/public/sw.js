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

// Alerts, as a channel for browsers sends them. A correction takes the place of what it corrects.
self.addEventListener('push', (event) => {
  const { title, body, tag, kind, severity, event_id } = event.data?.json() ?? {};
  const isNew = kind === 'raised';
  const options = { body, tag, renotify: isNew, silent: !isNew, requireInteraction: severity === 'critical' };
  const icon = './icon-192.png';
  event.waitUntil(self.registration.showNotification(title ?? 'OVR-ALPR', { ...options, icon, data: { event_id } }));
});

self.addEventListener('notificationclick', (event) => {
  event.notification.close();
  const { event_id } = event.notification.data ?? {};
  const address = new URL(event_id ? `./#/event/${event_id}` : './#/alerts', self.registration.scope).href;
  const show = async () => {
    const [open] = await self.clients.matchAll({ type: 'window' });
    if (!open) return self.clients.openWindow(address);
    await open.focus();
    return open.navigate(address);
  };
  event.waitUntil(show());
});
