export type Route =
  | { name: 'today' }
  | { name: 'unsent' }
  | { name: 'account' }
  | { name: 'job'; job_id: string }
  | { name: 'step'; job_id: string; step: string }
  | { name: 'sign'; job_id: string }
  | { name: 'pair'; code: string };

/** `#/job/ID/step/KEY` and the like; anything unknown is today. */
export function parseRoute(hash: string): Route {
  const pair = /^#pair=(.+)$/.exec(hash);
  if (pair?.[1]) return { name: 'pair', code: decodeURIComponent(pair[1]) };
  const [first, job_id, screen, step] = hash.replace(/^#\/?/, '').split('/').map(decodeURIComponent);
  if (first === 'unsent' || first === 'account') return { name: first };
  if (first !== 'job' || !job_id) return { name: 'today' };
  if (screen === 'sign') return { name: 'sign', job_id };
  return screen === 'step' && step ? { name: 'step', job_id, step } : { name: 'job', job_id };
}

export const paths = {
  today: '#/today',
  unsent: '#/unsent',
  account: '#/account',
  job: (job_id: string) => `#/job/${encodeURIComponent(job_id)}`,
  step: (job_id: string, step: string) =>
    `#/job/${encodeURIComponent(job_id)}/step/${encodeURIComponent(step)}`,
  sign: (job_id: string) => `#/job/${encodeURIComponent(job_id)}/sign`,
};

/** Where the technician is in the app; the phone's own back button works. */
export class Router {
  #route = $state.raw<Route>({ name: 'today' });

  get route(): Route {
    return this.#route;
  }

  start(): void {
    const read = () => {
      this.#route = parseRoute(location.hash);
      scrollTo(0, 0);
    };
    addEventListener('hashchange', read);
    read();
  }

  go(path: string): void {
    location.hash = path;
  }

  /** Goes on without leaving the current screen behind the back button. */
  replace(path: string): void {
    history.replaceState(null, '', path);
    this.#route = parseRoute(path);
    scrollTo(0, 0);
  }
}
