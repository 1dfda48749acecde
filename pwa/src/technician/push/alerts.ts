/** The topic under which the server alerts of an offer (`offer_topic` in backend/push/field.py). */
export function offerTopic(offer_id: string): string {
  return `offer-${offer_id.replaceAll('-', '').slice(-24)}`;
}

/** Takes an alert off the lock screen, where there is one. */
export async function closeAlert(topic: string): Promise<void> {
  const worker = await navigator.serviceWorker?.getRegistration();
  for (const shown of (await worker?.getNotifications({ tag: topic })) ?? []) shown.close();
}
