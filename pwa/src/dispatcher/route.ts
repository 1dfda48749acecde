/** Which screen the address bar asks for; everything after `#`, so that any server path works offline too. */

export type Screen = 'day' | 'intake' | 'imports' | 'import' | 'places' | Office;
/** Screens with parts of their own, named after the slash. */
type Office = 'messages' | 'followups' | 'statements' | 'settings';

const OFFICE: readonly string[] = ['messages', 'followups', 'statements', 'settings'] satisfies Office[];

export interface Route {
  readonly screen: Screen;
  /** The import run of screen `import`; the part of `messages` and `settings`; month and vendor of `statements`. */
  readonly id: string | null;
  readonly regionId: string | null;
  /** "YYYY-MM-DD", or null for today in the region's zone. */
  readonly day: string | null;
  readonly jobId: string | null;
  /** How the day is looked at, as a query of its own: filters, grouping, zoom, period. */
  readonly lens: string;
}

const DAY = /^\d{4}-\d{2}-\d{2}$/;
const NOT_LENS = ['region', 'day', 'job'];

export function parseRoute(hash: string): Route {
  const [path = '', query = ''] = hash.replace(/^#\/?/, '').split('?');
  const [name, ...rest] = path.split('/');
  const id = rest.join('/');
  const params = new URLSearchParams(query);
  const day = params.get('day');
  const lens = new URLSearchParams(params);
  for (const key of NOT_LENS) lens.delete(key);
  const base = {
    id: null,
    regionId: params.get('region'),
    day: day && DAY.test(day) ? day : null,
    jobId: params.get('job'),
    lens: lens.toString(),
  };
  if (name === 'imports') return id ? { ...base, screen: 'import', id } : { ...base, screen: 'imports' };
  if (name && OFFICE.includes(name)) return { ...base, screen: name as Office, id: id || null };
  return { ...base, screen: name === 'places' || name === 'intake' ? name : 'day' };
}

export function formatRoute(route: Partial<Route> & { screen: Screen }): string {
  const part = OFFICE.includes(route.screen) && route.id ? `${route.screen}/${route.id}` : route.screen;
  const path = route.screen === 'import' ? `imports/${route.id ?? ''}` : part;
  const params = new URLSearchParams();
  if (route.regionId) params.set('region', route.regionId);
  if (route.day) params.set('day', route.day);
  if (route.jobId) params.set('job', route.jobId);
  const query = [params.toString(), route.lens].filter(Boolean).join('&');
  return query ? `#/${path}?${query}` : `#/${path}`;
}
