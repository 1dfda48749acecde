/**
 * Keeps the technician app's own files on the phone, and nothing else: work and data live in IndexedDB.
 * A new version waits until the person agrees, so a page never mixes files of two versions.
 */
import { readNotice } from './push-notice.ts';

interface ShellEntry {
  url: string;
  revision: string;
}

interface WorkerScope extends ServiceWorkerGlobalScope {
  __SHELL_MANIFEST: ShellEntry[];
}

declare const self: WorkerScope;

const SHELL = '/technician/';
const PREFIX = 'technician-shell-';
const entries: ShellEntry[] = self.__SHELL_MANIFEST;
const version = entries.map((entry) => entry.revision).join('');
const cacheName = PREFIX + checksum(version);
const urls = new Set(entries.map((entry) => entry.url));

function checksum(text: string): string {
  let sum = 5381;
  for (let at = 0; at < text.length; at++) sum = (sum * 33 + text.charCodeAt(at)) >>> 0;
  return sum.toString(36);
}

/** Files named by their content are taken from the previous version's cache instead of the network. */
async function store(cache: Cache, entry: ShellEntry): Promise<void> {
  const isHashed = entry.url.startsWith('/assets/');
  const kept = isHashed ? await caches.match(entry.url) : undefined;
  const reply = kept ?? (await fetch(entry.url, { cache: isHashed ? 'default' : 'no-cache' }));
  if (!reply.ok) throw new Error(`${entry.url}: ${reply.status}`);
  await cache.put(entry.url, reply);
}

async function install(): Promise<void> {
  const cache = await caches.open(cacheName);
  await Promise.all(entries.map((entry) => store(cache, entry)));
}

async function activate(): Promise<void> {
  const names = await caches.keys();
  const old = names.filter((name) => name.startsWith(PREFIX) && name !== cacheName);
  await Promise.all(old.map((name) => caches.delete(name)));
  await self.clients.claim();
}

async function fromShell(url: string, request: Request): Promise<Response> {
  const cache = await caches.open(cacheName);
  return (await cache.match(url)) ?? fetch(request);
}

/** What only some phones need stays once it has come; its name says its content. */
async function keptOnceFetched(request: Request): Promise<Response> {
  const cache = await caches.open(cacheName);
  const kept = await caches.match(request);
  const reply = kept ?? (await fetch(request));
  if (reply.ok) await cache.put(request, reply.clone());
  return reply;
}

self.addEventListener('install', (event) => event.waitUntil(install()));
self.addEventListener('activate', (event) => event.waitUntil(activate()));
self.addEventListener('message', (event) => {
  if ((event.data as { type?: string } | null)?.type === 'activate-update') void self.skipWaiting();
});
async function show(text: string | undefined): Promise<void> {
  const notice = readNotice(text);
  if (!notice) return;
  const { title, body, url, topic, isQuiet } = notice;
  const shown = await self.registration.getNotifications({ tag: topic });
  if (isQuiet && shown.length === 0) return;
  const how = isQuiet ? { silent: true } : { renotify: shown.length > 0 };
  const options = { body, tag: topic, icon: '/technician/icon-192.png', data: { url }, ...how };
  await self.registration.showNotification(title, options);
}

/** The app that is open comes to the front; without one it opens. */
async function follow(url: string): Promise<void> {
  const open = await self.clients.matchAll({ type: 'window' });
  const app = open.find((client) => new URL(client.url).pathname.startsWith(SHELL));
  if (!app) return void (await self.clients.openWindow(url));
  await app.navigate(url);
  await app.focus();
}

self.addEventListener('push', (event) => event.waitUntil(show(event.data?.text())));
self.addEventListener('notificationclick', (event) => {
  event.notification.close();
  event.waitUntil(follow((event.notification.data as { url: string }).url));
});
self.addEventListener('fetch', (event) => {
  const { request } = event;
  const url = new URL(request.url);
  if (request.method !== 'GET' || url.origin !== self.location.origin) return;
  const isPage = request.mode === 'navigate' && url.pathname.startsWith(SHELL);
  if (isPage) event.respondWith(fromShell(SHELL, request));
  else if (url.pathname.endsWith('.wasm')) event.respondWith(keptOnceFetched(request));
  else if (urls.has(url.pathname)) event.respondWith(fromShell(url.pathname, request));
});
