import { fileURLToPath } from 'node:url';
import { svelte } from '@sveltejs/vite-plugin-svelte';
import { defineConfig } from 'vitest/config';
import { compileAtOnce } from './vite/compile-at-once.ts';
import { firstScript } from './vite/first-script.ts';
import { oneStyleSheet } from './vite/one-style-sheet.ts';
import { plainIcons } from './vite/plain-icons.ts';
import { preloadTexts } from './vite/preload-texts.ts';
import { serviceWorker } from './vite/service-worker.ts';

const at = (path: string) => fileURLToPath(new URL(path, import.meta.url));
const isShared = (id: string) =>
  /[\\/]node_modules[\\/](svelte|clsx|esm-env)[\\/]/.test(id) ||
  /[\\/]src[\\/](api|ui|i18n)[\\/][^/]*\.(ts|svelte)$/.test(id) ||
  id.includes('vite/preload-helper');
const backend = process.env.SHANGMEN_URL ?? 'http://localhost:8000';

export default defineConfig({
  base: '/',
  plugins: [
    plainIcons(),
    svelte(),
    compileAtOnce('console'),
    firstScript('console/index.html', 'ahead'),
    oneStyleSheet('technician/index.html'),
    preloadTexts({
      'technician/index.html': 'src/technician/i18n/zh-cn.ts',
      'console/index.html': 'src/dispatcher/i18n/zh-cn.ts',
    }),
    serviceWorker({ page: 'technician', worker: 'sw', scope: '/technician/', publicFolder: 'technician' }),
  ],
  // The pages of both apps are served by the backend under their own path; hashed files live in /assets/.
  build: {
    outDir: 'dist',
    emptyOutDir: true,
    manifest: true,
    // The terms of everything that is bundled go with the pages wherever they go.
    license: { fileName: 'licences.md' },
    // Of 2022. For older ones every private field becomes a map to look into, and a twentieth more to load.
    target: ['chrome98', 'safari16'],
    cssTarget: ['chrome98', 'safari16'],
    modulePreload: { polyfill: false },
    assetsInlineLimit: 0,
    rollupOptions: {
      input: {
        technician: at('./technician/index.html'),
        console: at('./console/index.html'),
        ahead: at('./src/dispatcher/ahead.ts'),
        customer: at('./src/customer/live.ts'),
        report: at('./src/customer/report.ts'),
        sign: at('./src/customer/sign.ts'),
        alerts: at('./src/customer/alerts.ts'),
        worker: at('./src/customer/worker.ts'),
        tokens: at('./src/ui/tokens.css'),
        sw: at('./src/sw/sw.ts'),
      },
      output: {
        entryFileNames: (chunk) => (chunk.name === 'sw' ? 'technician/sw.js' : 'assets/[name]-[hash].js'),
        chunkFileNames: 'assets/[name]-[hash].js',
        assetFileNames: 'assets/[name]-[hash][extname]',
        // What both apps share is one file: on a slow network each request of a first visit costs half a second.
        codeSplitting: {
          groups: [
            { name: 'shared', test: isShared },
            { name: 'shared', test: /@lucide/, minShareCount: 2 },
          ],
        },
      },
    },
  },
  server: { proxy: { '/api': backend, '/c': backend } },
  test: {
    include: ['src/**/*.test.ts', 'tests/**/*.test.ts'],
    environment: 'node',
    isolate: false,
    setupFiles: ['vite/fresh-start.ts'],
    restoreMocks: true,
  },
});
