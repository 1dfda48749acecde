interface InstallEvent extends Event {
  prompt(): Promise<void>;
}

/** Keeps the browser's offer to install the app until the technician asks for it. */
export class Install {
  #offer = $state.raw<InstallEvent | null>(null);

  constructor() {
    addEventListener('beforeinstallprompt', (event) => {
      event.preventDefault();
      this.#offer = event as InstallEvent;
    });
    addEventListener('appinstalled', () => {
      this.#offer = null;
    });
  }

  get isPossible(): boolean {
    return this.#offer !== null;
  }

  async ask(): Promise<void> {
    await this.#offer?.prompt();
    this.#offer = null;
  }
}
