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

worker.addEventListener('notificationclick', (event) => {
  event.notification.close();
  const page = String(event.notification.data);
  // A tap leads to a customer's page of this server and nowhere else.
  if (page.startsWith('/c/')) event.waitUntil(worker.clients.openWindow(page));
});

export {};
