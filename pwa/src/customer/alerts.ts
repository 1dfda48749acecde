/**
 * Asks the browser for news on the lock screen, when the button is pressed and not before.
 * `<p data-alerts="/c/…" data-key="…">` names the page and the server's key, and says what came of it.
 */
const said = document.querySelector<HTMLElement>('[data-alerts]');
const ask = document.querySelector<HTMLButtonElement>('[data-ask]');
const stop = document.querySelector<HTMLButtonElement>('[data-stop]');

function keyBytes(base64url: string): Uint8Array<ArrayBuffer> {
  const text = atob(base64url.replace(/-/g, '+').replace(/_/g, '/'));
  return Uint8Array.from(text, (char) => char.charCodeAt(0));
}

async function send(path: string, body: unknown): Promise<void> {
  const headers = { 'Content-Type': 'application/json' };
  const reply = await fetch(path, { method: 'POST', headers, body: JSON.stringify(body) });
  if (!reply.ok) throw new Error(String(reply.status));
}

function run(at: HTMLElement, on: HTMLButtonElement, off: HTMLButtonElement): void {
  const { alerts: path = '', key = '' } = at.dataset;
  const language = document.documentElement.lang === 'en' ? 'en' : 'zh-CN';
  // A worker, and so a subscription, of this link alone: it ends with it.
  const scope = `${path}/`;

  function show(state: 'on' | 'off' | 'denied' | 'failed'): void {
    at.textContent = at.dataset[state] ?? '';
    on.hidden = state === 'on';
    off.hidden = state !== 'on';
  }

  async function switchOn(): Promise<void> {
    if ((await Notification.requestPermission()) !== 'granted') return show('denied');
    await navigator.serviceWorker.register('/c/worker.js', { scope });
    const registration = await active();
    const options = { userVisibleOnly: true, applicationServerKey: keyBytes(key) };
    const { endpoint, keys } = (await registration.pushManager.subscribe(options)).toJSON();
    await send(`${path}/alerts`, { endpoint, keys, language });
    show('on');
  }

  async function switchOff(): Promise<void> {
    const registration = await navigator.serviceWorker.getRegistration(scope);
    const subscription = await registration?.pushManager.getSubscription();
    if (subscription) {
      await subscription.unsubscribe();
      await send(`${path}/alerts/remove`, { endpoint: subscription.endpoint });
    }
    await registration?.unregister();
    show('off');
  }

  /** This page is no client of the worker, so `ready` would never come. */
  async function active(): Promise<ServiceWorkerRegistration> {
    const registration = await navigator.serviceWorker.getRegistration(scope);
    const worker = registration?.installing ?? registration?.waiting;
    if (!registration) throw new Error('no worker');
    if (worker && !registration.active) {
      await new Promise<void>((resolve) => {
        worker.addEventListener('statechange', () => worker.state === 'activated' && resolve());
      });
    }
    return registration;
  }

  async function begin(): Promise<void> {
    const registration = await navigator.serviceWorker.getRegistration(scope);
    const isOn = (await registration?.pushManager.getSubscription()) != null;
    if (on.parentElement) on.parentElement.hidden = false;
    show(isOn && Notification.permission === 'granted' ? 'on' : 'off');
  }

  const failed = () => show('failed');
  on.addEventListener('click', () => void switchOn().catch(failed));
  off.addEventListener('click', () => void switchOff().catch(failed));
  void begin();
}

if (said && ask && stop && 'serviceWorker' in navigator && 'PushManager' in window) run(said, ask, stop);

export {};
