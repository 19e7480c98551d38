import { defineConfig } from 'vite';

/** Paths that belong to the API; `vite src/web` forwards them to a running system. */
const API_PATHS = [
  '/auth',
  '/people',
  '/tokens',
  '/audit',
  '/privacy',
  '/health',
  '/stats',
  '/reports',
  '/events',
  '/review',
  '/plates',
  '/notes',
  '/saved-searches',
  '/alerts',
  '/mutes',
  '/lists',
  '/rules',
  '/channels',
  '/deliveries',
  '/gate',
  '/push',
  '/images',
  '/cameras',
  '/live',
  '/metrics',
  '/system',
  '/models',
  '/docs',
];

export default defineConfig({
  base: './',
  build: {
    outDir: '../../dist/web',
    emptyOutDir: true,
    target: 'es2023',
    cssTarget: ['chrome123', 'firefox121', 'safari17.5'],
    // A strict content security policy allows no data: addresses and no inline script.
    assetsInlineLimit: 0,
    modulePreload: false,
  },
  server: {
    proxy: Object.fromEntries(API_PATHS.map((path) => [path, 'http://127.0.0.1:8000'])),
  },
});
