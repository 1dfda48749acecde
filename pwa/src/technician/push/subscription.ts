import type { Http } from '../../api/http.ts';
import type { SessionApi } from '../../api/session.ts';
import type { Locale } from '../../i18n/catalog.ts';

/** The way to the server. */
export interface Line {
  http: Http;
  session: SessionApi;
}

export type PushOutcome = 'on' | 'denied' | 'failed';

/** A VAPID key as the browser wants it. */
function keyBytes(base64url: string): Uint8Array<ArrayBuffer> {
  const text = atob(base64url.replace(/-/g, '+').replace(/_/g, '/'));
  return Uint8Array.from(text, (char) => char.charCodeAt(0));
}

async function manager(): Promise<PushManager> {
  return (await navigator.serviceWorker.ready).pushManager;
}

async function post(line: Line, path: string, body: unknown): Promise<void> {
  // A page that was opened from its own cache has not asked for its token yet.
  if (!line.http.csrfToken) await line.session.current();
  await line.http.post(path, body);
}

async function subscribe(line: Line, language: Locale): Promise<void> {
  const { public_key } = await line.http.get<{ public_key: string }>('/api/push/key');
  const options = { userVisibleOnly: true, applicationServerKey: keyBytes(public_key) };
  const made = (await (await manager()).subscribe(options)).toJSON();
  await post(line, '/api/push/subscriptions', { endpoint: made.endpoint, keys: made.keys, language });
}

/** Whether this browser is told. */
export async function isSubscribed(): Promise<boolean> {
  return Notification.permission === 'granted' && (await (await manager()).getSubscription()) !== null;
}

/** Asks the person, then the browser's push service, then tells the server. */
export async function switchOn(line: Line, language: Locale): Promise<PushOutcome> {
  if ((await Notification.requestPermission()) !== 'granted') return 'denied';
  try {
    await subscribe(line, language);
    return 'on';
  } catch {
    // No network, or a browser whose push service cannot be reached from here.
    return 'failed';
  }
}

/** Whoever signs in next on this phone is not told what was meant for this one. */
export async function switchOff(line: Line): Promise<void> {
  const subscription = await (await manager()).getSubscription();
  if (!subscription) return;
  const { endpoint } = subscription;
  await subscription.unsubscribe();
  // The push service answers 410 from now on, so the server finds out even when this gets lost.
  await post(line, '/api/push/subscriptions/remove', { endpoint }).catch(() => undefined);
}
