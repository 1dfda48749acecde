/** Wall-clock times of one IANA zone, whatever zone the dispatcher's computer is in. */

const HOUR_MS = 3_600_000;

export class ZoneClock {
  readonly zone: string;
  readonly #hhmm: Intl.DateTimeFormat;
  readonly #parts: Intl.DateTimeFormat;

  constructor(zone: string) {
    this.zone = zone;
    this.#hhmm = new Intl.DateTimeFormat('en-GB', { timeZone: zone, hour: '2-digit', minute: '2-digit' });
    this.#parts = new Intl.DateTimeFormat('en-GB', {
      timeZone: zone,
      hourCycle: 'h23',
      year: 'numeric',
      month: '2-digit',
      day: '2-digit',
      hour: '2-digit',
      minute: '2-digit',
      second: '2-digit',
    });
  }

  /** "09:05" */
  time(ms: number): string {
    return this.#hhmm.format(ms);
  }

  /** "09:05–11:00" */
  range(startMs: number, endMs: number): string {
    return `${this.time(startMs)}–${this.time(endMs)}`;
  }

  /** "2026-11-23" */
  day(ms: number): string {
    const part = this.#read(ms);
    return `${part.year}-${part.month}-${part.day}`;
  }

  /** Milliseconds the zone is ahead of UTC at an instant. */
  offsetMs(ms: number): number {
    const p = this.#read(ms);
    const wall = Date.UTC(+p.year, +p.month - 1, +p.day, +p.hour, +p.minute, +p.second);
    return wall - Math.floor(ms / 1000) * 1000;
  }

  /** The instant at which the wall clock shows `day` ("YYYY-MM-DD") at `hour`. */
  instant(day: string, hour = 0): number {
    const wall = Date.parse(`${day}T00:00:00Z`) + hour * HOUR_MS;
    const guess = wall - this.offsetMs(wall);
    return wall - this.offsetMs(guess);
  }

  /** Start of the wall-clock hour an instant lies in. */
  floorHour(ms: number): number {
    const offset = this.offsetMs(ms);
    return Math.floor((ms + offset) / HOUR_MS) * HOUR_MS - offset;
  }

  #read(ms: number): Record<'year' | 'month' | 'day' | 'hour' | 'minute' | 'second', string> {
    const read = { year: '', month: '', day: '', hour: '', minute: '', second: '' };
    for (const part of this.#parts.formatToParts(ms)) {
      if (part.type in read) read[part.type as keyof typeof read] = part.value;
    }
    return read;
  }
}

/** The day `count` days after `day`, both "YYYY-MM-DD". */
export function addDays(day: string, count: number): string {
  return new Date(Date.parse(`${day}T00:00:00Z`) + count * 24 * HOUR_MS).toISOString().slice(0, 10);
}
