const CHECK_MS = 30 * 60_000;

/** Notices a new version of the app and changes over when the technician says so. */
export class AppUpdate {
  #waiting = $state.raw<ServiceWorker | null>(null);

  get isReady(): boolean {
    return this.#waiting !== null;
  }

  async start(): Promise<void> {
    if (!('serviceWorker' in navigator)) return;
    let isControlled = navigator.serviceWorker.controller !== null;
    navigator.serviceWorker.addEventListener('controllerchange', () => {
      // The very first worker takes over the page it came with; any later one brings other files.
      if (isControlled) location.reload();
      isControlled = true;
    });
    const registration = await navigator.serviceWorker.register('/technician/sw.js', {
      updateViaCache: 'none',
    });
    this.#notice(registration);
    registration.addEventListener('updatefound', () => {
      registration.installing?.addEventListener('statechange', () => this.#notice(registration));
    });
    setInterval(() => void registration.update().catch(() => undefined), CHECK_MS); // no network: the next check will do
  }

  /** Work is in the phone's store, so changing over in the middle of a job loses nothing. */
  apply(): void {
    this.#waiting?.postMessage({ type: 'activate-update' });
  }

  #notice(registration: ServiceWorkerRegistration): void {
    this.#waiting = navigator.serviceWorker.controller ? registration.waiting : null;
  }
}
