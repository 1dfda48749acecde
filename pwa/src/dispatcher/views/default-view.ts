/** The view this browser opens the console with: a habit of the person, kept beside the others. */

const STORAGE_KEY = 'shangmen.console.default-view';

export interface DefaultView {
  readonly id: string;
  readonly query: string;
}

export function defaultView(): DefaultView | null {
  const [id, query] = (localStorage.getItem(STORAGE_KEY) ?? '').split(' ');
  return id ? { id, query: query ?? '' } : null;
}

export function setDefaultView(view: DefaultView | null): void {
  if (view) localStorage.setItem(STORAGE_KEY, `${view.id} ${view.query}`);
  else localStorage.removeItem(STORAGE_KEY);
}
