import { getContext, setContext } from 'svelte';
import type { TechnicianApp } from './state/app.svelte.ts';
import type { Workday } from './state/workday.svelte.ts';

const APP = Symbol('app');

export function provideApp(app: TechnicianApp): void {
  setContext(APP, app);
}

export function useApp(): TechnicianApp {
  return getContext(APP);
}

/** The day of the technician who is signed in; only screens behind the sign-in ask for it. */
export function useWorkday(): Workday {
  const { workday } = useApp();
  if (!workday) throw new Error('Nobody is signed in');
  return workday;
}
