/** Shows a notice while the customer's page is closed, and leads back to it. It keeps and fetches nothing. */
const worker = self as unknown as ServiceWorkerGlobalScope;

interface News {
  title: string;
  body: string;
  url: string;
  topic: string;
}

worker.addEventListener('push', (event) => {
  if (!event.data) return;
  const { title, body, url, topic } = event.data.json() as News;
  event.waitUntil(worker.registration.showNotification(title, { body, tag: topic, data: url }));
});

/** The page where it is open, as it keeps itself fresh; a form half filled in on another of its pages stays. */
async function lead(page: string): Promise<unknown> {
  const open = await worker.clients.matchAll({ type: 'window', includeUncontrolled: true });
  const shown = open.find(({ url }) => new URL(url).pathname === page);
  return shown ? shown.focus() : worker.clients.openWindow(page);
}

worker.addEventListener('notificationclick', (event) => {
  event.notification.close();
  const page = String(event.notification.data);
  // A tap leads to a customer's page of this server and nowhere else.
  if (page.startsWith('/c/')) event.waitUntil(lead(page));
});

export {};
