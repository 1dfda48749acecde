import { useLayers } from '../ui/layers.ts';
import { Layers } from './layer-history.ts';

export type Route =
  | { name: 'today' }
  | { name: 'unsent' | 'account' | 'summary' }
  | { name: 'job' | 'diagnose' | 'receipt' | 'extra'; job_id: string }
  | { name: 'step'; job_id: string; step: string }
  | { name: 'sign'; job_id: string }
  | { name: 'pair'; code: string };

/** `#/job/ID/step/KEY` and the like; anything unknown is today. */
export function parseRoute(hash: string): Route {
  const pair = /^#pair=(.+)$/.exec(hash);
  if (pair?.[1]) return { name: 'pair', code: decodeURIComponent(pair[1]) };
  const [first, job_id, screen, step] = hash.replace(/^#\/?/, '').split('/').map(decodeURIComponent);
  if (first === 'unsent' || first === 'account' || first === 'summary') return { name: first };
  if (first !== 'job' || !job_id) return { name: 'today' };
  if (screen === 'sign' || screen === 'diagnose' || screen === 'receipt' || screen === 'extra')
    return { name: screen, job_id };
  return screen === 'step' && step ? { name: 'step', job_id, step } : { name: 'job', job_id };
}

export const paths = {
  today: '#/today',
  unsent: '#/unsent',
  account: '#/account',
  summary: '#/summary',
  job: (job_id: string) => `#/job/${encodeURIComponent(job_id)}`,
  step: (job_id: string, step: string) =>
    `#/job/${encodeURIComponent(job_id)}/step/${encodeURIComponent(step)}`,
  diagnose: (job_id: string) => `#/job/${encodeURIComponent(job_id)}/diagnose`,
  extra: (job_id: string) => `#/job/${encodeURIComponent(job_id)}/extra`,
  receipt: (job_id: string) => `#/job/${encodeURIComponent(job_id)}/receipt`,
  sign: (job_id: string) => `#/job/${encodeURIComponent(job_id)}/sign`,
};

/** Where the technician is in the app; the phone's own back button works. */
export class Router {
  #layers = new Layers({
    push: () => history.pushState({ layer: true }, ''),
    replace: (path) => history.replaceState(null, '', path),
    back: (steps) => history.go(-steps),
    later: (run) => setTimeout(run),
  });
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
    addEventListener('popstate', () => this.#layers.wentBack());
    useLayers((close) => this.#layers.open(close));
    read();
  }

  go(path: string): void {
    if (this.#layers.leaveTo(path)) this.#show(path);
    else location.hash = path;
  }

  /** Goes on without leaving the current screen behind the back button. */
  replace(path: string): void {
    if (!this.#layers.leaveTo(path)) history.replaceState(null, '', path);
    this.#show(path);
  }

  #show(path: string): void {
    this.#route = parseRoute(path);
    scrollTo(0, 0);
  }
}
