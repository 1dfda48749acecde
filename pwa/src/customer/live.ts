/**
 * Keeps a customer page fresh. The page works without it; the server renders everything.
 * `<body data-live="/c/…/live" data-stale-s="90">`: the stream to listen to, and how long silence is believed.
 * `<section id="…" data-fresh>`: parts taken anew from the page when the stream says something changed.
 * `<p data-lost hidden>`: shown while the signal is lost, so that nobody trusts a stale position.
 */
const { live, staleS } = document.body.dataset;
const lost = document.querySelector<HTMLElement>('[data-lost]');
const staleMs = Number(staleS ?? 90) * 1000;
let heardAt = Date.now();
let isFetching = false;
let isWaiting = false;

function showSignal(isLost: boolean): void {
  if (lost) lost.hidden = !isLost;
}

async function refresh(): Promise<void> {
  if (isFetching) {
    isWaiting = true;
    return;
  }
  isFetching = true;
  try {
    const reply = await fetch(location.href, { headers: { Accept: 'text/html' } });
    if (!reply.ok) throw new Error(String(reply.status));
    const fresh = new DOMParser().parseFromString(await reply.text(), 'text/html');
    for (const part of document.querySelectorAll('[data-fresh]')) {
      const next = fresh.getElementById(part.id);
      if (next && next.innerHTML !== part.innerHTML) part.replaceWith(next);
    }
    heard();
  } catch {
    showSignal(true);
  } finally {
    isFetching = false;
    if (isWaiting) {
      isWaiting = false;
      void refresh();
    }
  }
}

function heard(): void {
  heardAt = Date.now();
  showSignal(false);
}

if (live && 'EventSource' in window) {
  const stream = new EventSource(live);
  stream.onopen = heard;
  stream.addEventListener('ping', heard);
  for (const kind of ['change', 'resync', 'message']) stream.addEventListener(kind, () => void refresh());
  setInterval(() => showSignal(Date.now() - heardAt > staleMs), 5000);
  document.addEventListener('visibilitychange', () => {
    if (document.visibilityState === 'visible') void refresh();
  });
}
