/** Board, map or both: a habit of the person, kept in the browser. */

export const VIEWS = ['board', 'both', 'map'] as const;
export type View = (typeof VIEWS)[number];

const STORAGE_KEY = 'shangmen.console.view';

export function rememberedView(): View {
  const stored = localStorage.getItem(STORAGE_KEY);
  return VIEWS.find((view) => view === stored) ?? 'both';
}

export const rememberView = (view: View): void => localStorage.setItem(STORAGE_KEY, view);
