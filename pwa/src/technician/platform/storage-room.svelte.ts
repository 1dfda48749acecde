/** Room that some days of photos need. */
const NEEDED_BYTES = 50 * 1024 * 1024;
const FULL = 0.95;

/** Whether a phone with this much used of that much will soon refuse to save. */
export function isNearlyFull({ usage = 0, quota = 0 }: StorageEstimate): boolean {
  if (quota === 0) return false;
  return quota - usage < NEEDED_BYTES || usage / quota > FULL;
}

/** Watches how much the phone still lets us keep. */
export class StorageRoom {
  #isTight = $state(false);

  get isTight(): boolean {
    return this.#isTight;
  }

  async look(): Promise<void> {
    const estimate = await navigator.storage?.estimate?.();
    if (estimate) this.#isTight = isNearlyFull(estimate);
  }
}
