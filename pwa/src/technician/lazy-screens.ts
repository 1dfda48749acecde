/** Screens that the first picture of the day does not need. */
export const lazyScreens = {
  account: () => import('./account/AccountScreen.svelte'),
  sign: () => import('./acceptance/SignScreen.svelte'),
  step: () => import('./steps/StepScreen.svelte'),
  unsent: () => import('./unsent/UnsentScreen.svelte'),
};

const SETTLED_MS = 1500;

/** Fetches them once the first picture is there, so that they open without a network too. */
export function fetchAhead(): void {
  setTimeout(() => {
    // A failed fetch is tried again when its screen is opened.
    for (const load of Object.values(lazyScreens)) void load().catch(() => undefined);
  }, SETTLED_MS);
}
