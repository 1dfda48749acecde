/** What the server sends to be shown; nothing else is believed. */
export interface PushNotice {
  title: string;
  body: string;
  url: string;
  topic: string;
  /** Replaces what is shown of its topic without a sound; where nothing is shown, nothing is. */
  isQuiet: boolean;
}

const APP = '/technician/';

/** A message as it can be shown, or null; a tap leads nowhere but into this app. */
export function readNotice(text: string | undefined): PushNotice | null {
  if (!text) return null;
  try {
    const { title, body, url, topic, quiet } = JSON.parse(text) as Record<string, unknown>;
    if (typeof title !== 'string' || typeof body !== 'string') return null;
    const target = typeof url === 'string' && url.startsWith(APP) ? url : APP;
    const isQuiet = quiet === true;
    return { title, body, url: target, topic: typeof topic === 'string' ? topic : 'news', isQuiet };
  } catch {
    return null;
  }
}
