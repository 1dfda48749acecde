/** Wall-clock times of one IANA zone, whatever zone the dispatcher's computer is in. */

const MINUTE_MS = 60_000;
const HOUR_MS = 60 * MINUTE_MS;
/** Zones change their offset at quarter hours only, so one look-up serves a quarter. */
const QUARTER_MS = 15 * MINUTE_MS;

export class ZoneClock {
  readonly zone: string;
  readonly #offsets = new Map<number, number>();
  readonly #parts: Intl.DateTimeFormat;

  constructor(zone: string) {
    this.zone = zone;
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
    const minutes = Math.floor((ms + this.#offsetOfQuarter(ms)) / MINUTE_MS);
    const ofDay = ((minutes % 1440) + 1440) % 1440;
    return `${pad(Math.floor(ofDay / 60))}:${pad(ofDay % 60)}`;
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

  /** A board shows thousands of times; asking Intl for each would take most of its drawing. */
  #offsetOfQuarter(ms: number): number {
    const quarter = Math.floor(ms / QUARTER_MS);
    const known = this.#offsets.get(quarter);
    if (known !== undefined) return known;
    const offset = this.offsetMs(quarter * QUARTER_MS);
    this.#offsets.set(quarter, offset);
    return offset;
  }

  #read(ms: number): Record<'year' | 'month' | 'day' | 'hour' | 'minute' | 'second', string> {
    const read = { year: '', month: '', day: '', hour: '', minute: '', second: '' };
    for (const part of this.#parts.formatToParts(ms)) {
      if (part.type in read) read[part.type as keyof typeof read] = part.value;
    }
    return read;
  }
}

const pad = (value: number): string => String(value).padStart(2, '0');

/** The first clock makes the browser read all it knows of zones: a twentieth of the page's beginning. */
export function makeReady(): void {
  new ZoneClock('UTC').time(0);
}

/** The day `count` days after `day`, both "YYYY-MM-DD". */
export function addDays(day: string, count: number): string {
  return new Date(Date.parse(`${day}T00:00:00Z`) + count * 24 * HOUR_MS).toISOString().slice(0, 10);
}
