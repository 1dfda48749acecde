/** Small choices of this device. A browser that forbids keeping them is asked again next time, not in the way. */
export const deviceMemory = {
  get(key: string): string | null {
    try {
      return localStorage.getItem(key);
    } catch {
      return null; // forbidden by the browser's settings
    }
  },

  set(key: string, value: string | null): void {
    try {
      if (value === null) localStorage.removeItem(key);
      else localStorage.setItem(key, value);
    } catch {
      // forbidden, or full: the choice holds until the page is closed
    }
  },
};
