/**
 * Keeps a customer's page fresh; the page works without it.
 * `<body data-live="/c/…/live">` names a stream that says when something changed, never what.
 * `<div id="parts" data-every-s="30">` is fetched anew through the same link, as a fragment, then and every so
 * often, because a position grows old without anybody saying so.
 * `<p data-lost hidden>` is shown while the server can't be reached.
 */
const live = document.body.dataset.live;
const lost = document.querySelector<HTMLElement>('[data-lost]');
const parts = () => document.getElementById('parts');
let isFetching = false;
let isWaiting = false;
let timer = 0;

function showConnection(isLost: boolean): void {
  if (lost) lost.hidden = !isLost;
}

/** Only what differs is replaced, so that a screen reader hears only news. */
function show(html: string): void {
  const fresh = new DOMParser().parseFromString(html, 'text/html').getElementById('parts');
  const shown = parts();
  if (!fresh || !shown) return;
  shown.dataset.everyS = fresh.dataset.everyS;
  const sections = (root: HTMLElement) => [...root.querySelectorAll('section')];
  const ids = (root: HTMLElement) =>
    sections(root)
      .map((part) => part.id)
      .join();
  if (ids(fresh) !== ids(shown)) shown.innerHTML = fresh.innerHTML;
  for (const next of sections(fresh)) {
    const part = document.getElementById(next.id);
    if (!part || part.innerHTML === next.innerHTML) continue;
    const isOpen = part.querySelector('details')?.open;
    part.className = next.className;
    part.innerHTML = next.innerHTML;
    const opened = part.querySelector('details');
    if (isOpen && opened) opened.open = true;
  }
}

async function refresh(): Promise<void> {
  isWaiting = isFetching;
  if (isFetching) return;
  isFetching = true;
  try {
    const reply = await fetch(location.href, { headers: { 'X-Fragment': '1' } });
    if (reply.status === 404) location.reload();
    if (!reply.ok) throw new Error();
    show(await reply.text());
    showConnection(false);
  } catch {
    showConnection(true);
  }
  isFetching = false;
  if (isWaiting) void refresh();
  else schedule();
}

function schedule(): void {
  clearTimeout(timer);
  const everyS = Number(parts()?.dataset.everyS);
  if (everyS) timer = window.setTimeout(refreshIfSeen, everyS * 1000);
}

function refreshIfSeen(): void {
  if (document.visibilityState === 'visible') void refresh();
}

if (live) {
  const stream = new EventSource(live);
  // Also when it opens first: something may have changed since the server wrote the page.
  stream.onopen = () => void refresh();
  stream.addEventListener('change', () => void refresh());
  document.addEventListener('visibilitychange', refreshIfSeen);
  addEventListener('online', () => void refresh());
  schedule();
}
