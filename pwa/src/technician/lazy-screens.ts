/** Screens that the first picture of the day does not need. */
export const lazyScreens = {
  asked: () => import('./asked/AskedCards.svelte'),
  account: () => import('./account/AccountScreen.svelte'),
  sign: () => import('./acceptance/SignScreen.svelte'),
  decline: () => import('./job/DeclineSheet.svelte'),
  extra: () => import('./extras/ExtraScreen.svelte'),
  extras: () => import('./extras/ExtraSection.svelte'),
  diagnose: () => import('./diagnosis/DiagnoseScreen.svelte'),
  navigate: () => import('./navigation/NavigateSheet.svelte'),
  parts: () => import('./parts/PartsSheet.svelte'),
  push: () => import('./push/PushCard.svelte'),
  receipt: () => import('./workshop/ReceiptScreen.svelte'),
  scan: () => import('./scan/ScanSheet.svelte'),
  summary: () => import('./summary/SummaryScreen.svelte'),
  trouble: () => import('./job/TroubleSheet.svelte'),
  step: () => import('./steps/StepScreen.svelte'),
  unsent: () => import('./unsent/UnsentScreen.svelte'),
};

/** Fetches them, so that they open without a network too; the service worker does so where there is one. */
export function fetchAhead(): void {
  if ('serviceWorker' in navigator) return;
  // A failed fetch is tried again when its screen is opened.
  for (const load of Object.values(lazyScreens)) void load().catch(() => undefined);
}
