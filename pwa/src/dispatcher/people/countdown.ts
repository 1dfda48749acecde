/** `14:05` of minutes and seconds that are left; `0:00` when none is. */
export function leftOf(left_ms: number): string {
  const left_s = Math.max(0, Math.ceil(left_ms / 1000));
  return `${Math.floor(left_s / 60)}:${String(left_s % 60).padStart(2, '0')}`;
}
