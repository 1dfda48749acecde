/** Booking windows as an administrator types them: one per line, two full hours. */

export const windowsText = (windows: readonly (readonly [number, number])[]): string =>
  windows.map(([start, end]) => `${start}-${end}`).join('\n');

/** The windows of a text; null unless every line is one and there is at least one. */
export function windowsOf(text: string): [number, number][] | null {
  const windows: [number, number][] = [];
  for (const line of text.split('\n').filter((one) => one.trim())) {
    const found = /^\s*(\d{1,2})(?::00)?\s*[-–—~至]\s*(\d{1,2})(?::00)?\s*$/.exec(line);
    const [start, end] = [Number(found?.[1]), Number(found?.[2])];
    if (!found || !(start < end && end <= 24)) return null;
    windows.push([start, end]);
  }
  return windows.length > 0 ? windows : null;
}
