/** What the server sends to be shown; nothing else is believed. */
export interface PushNotice {
  title: string;
  body: string;
  url: string;
  topic: string;
}

const APP = '/technician/';

/** A message as it can be shown, or null; a tap leads nowhere but into this app. */
export function readNotice(text: string | undefined): PushNotice | null {
  if (!text) return null;
  try {
    const { title, body, url, topic } = JSON.parse(text) as Partial<Record<keyof PushNotice, unknown>>;
    if (typeof title !== 'string' || typeof body !== 'string') return null;
    const target = typeof url === 'string' && url.startsWith(APP) ? url : APP;
    return { title, body, url: target, topic: typeof topic === 'string' ? topic : 'news' };
  } catch {
    return null;
  }
}
