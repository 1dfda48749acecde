import type { Component } from 'svelte';
import type { Route } from './route.svelte.ts';

/** Of these each screen takes what it asks for. */
export type Screen = Component<{ job_id: string; step_key: string }>;
type Load = () => Promise<{ default: Screen }>;
export type ScreenName = Exclude<Route['name'], 'today' | 'pair'>;

/** A screen that need not be told anything. */
const alone = (load: () => Promise<{ default: Component }>) => load as unknown as Load;

/** Whole screens, by the name of their route. */
export const screens: Record<ScreenName, Load> = {
  account: alone(() => import('./account/AccountScreen.svelte')),
  diagnose: () => import('./diagnosis/DiagnoseScreen.svelte'),
  extra: () => import('./extras/ExtraScreen.svelte'),
  job: () => import('./job/JobScreen.svelte'),
  receipt: () => import('./workshop/ReceiptScreen.svelte'),
  sign: () => import('./acceptance/SignScreen.svelte'),
  step: () => import('./steps/StepScreen.svelte'),
  summary: alone(() => import('./summary/SummaryScreen.svelte')),
  unsent: alone(() => import('./unsent/UnsentScreen.svelte')),
};

/** Parts of screens that their first picture does not need. */
export const lazyScreens = {
  asked: () => import('./asked/AskedCards.svelte'),
  decline: () => import('./job/DeclineSheet.svelte'),
  extras: () => import('./extras/ExtraSection.svelte'),
  navigate: () => import('./navigation/NavigateSheet.svelte'),
  parts: () => import('./parts/PartsSheet.svelte'),
  push: () => import('./push/PushCard.svelte'),
  scan: () => import('./scan/ScanSheet.svelte'),
  serial: () => import('./job/SerialSheet.svelte'),
  trouble: () => import('./job/TroubleSheet.svelte'),
};

/** Fetches them, so that they open without a network too; the service worker does so where there is one. */
export function fetchAhead(): void {
  // What a technician opens next comes from the phone's cache by now; reading it takes a moment, too.
  const next = 'serviceWorker' in navigator ? [screens.job] : Object.values({ ...screens, ...lazyScreens });
  // A failed fetch is tried again when its screen is opened.
  for (const load of next) void load().catch(() => undefined);
}
