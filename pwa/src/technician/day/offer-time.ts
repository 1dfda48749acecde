/** What is left of an offer, as `12:05` below an hour and whole minutes above; null once it is over. */
export function timeLeft(until: string, now: number): { text: string; isShort: boolean } | null {
  const left_s = Math.ceil((Date.parse(until) - now) / 1000);
  if (Number.isNaN(left_s) || left_s <= 0) return null;
  if (left_s >= 3600) {
    const minutes = Math.floor(left_s / 60);
    return { text: `${Math.floor(minutes / 60)}:${String(minutes % 60).padStart(2, '0')} h`, isShort: false };
  }
  return {
    text: `${Math.floor(left_s / 60)}:${String(left_s % 60).padStart(2, '0')}`,
    isShort: left_s < 300,
  };
}
