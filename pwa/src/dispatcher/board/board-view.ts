/** The board: one row per technician, only the rows in view exist; 120 × 1,200 is the size it is made for. */

import type { Changes } from '../day/day-model.ts';
import { type DaySource, linesOf } from '../day/day-source.ts';
import type { Span, Technician, Visit } from '../day/visit.ts';
import type { ZoneClock } from '../day/zone-clock.ts';
import { barId, NAME_WIDTH_PX, ROW_HEIGHT_PX, rowElement, windowMark } from './board-elements.ts';
import type { BoardWords } from './board-words.ts';
import { outwards, rowWindow, scrollToRow } from './row-window.ts';
import { TimeAxis } from './time-axis.ts';

export const HEADER_HEIGHT_PX = 28;
/** Rows out of view drawn with one frame. */
const AHEAD_AT_ONCE = 1;
/** Changed rows drawn anew with one frame. */
const REFRESHED_AT_ONCE = 3;

export interface BoardSettings {
  readonly source: DaySource;
  readonly span: Span;
  readonly clock: ZoneClock;
  readonly words: BoardWords;
  readonly colorOf: (technicianId: string) => string;
  /** 1 fits the day into the width there is. */
  readonly zoom: number;
  /** Whether a job is among several chosen at once. */
  readonly isPicked?: (jobId: string) => boolean;
}

export class BoardView {
  readonly scroller: HTMLElement;
  readonly canvas: HTMLElement;
  readonly #header: HTMLElement;
  readonly #nowLine: HTMLElement;
  readonly #rows = new Map<number, HTMLElement>();
  /** Technicians whose row is still drawn as it was. */
  readonly #stale = new Set<string>();
  readonly #resizes: ResizeObserver;
  #settings: BoardSettings;
  #axis: TimeAxis;
  #selectedJobId: string | null = null;
  #mark: HTMLElement | null = null;
  #nowMs = 0;
  #drawnLines: DaySource['lines'];
  #frame = 0;
  #widthPx = 0;
  #windowPx = window.innerWidth;

  constructor(scroller: HTMLElement, settings: BoardSettings) {
    this.scroller = scroller;
    this.#settings = settings;
    this.canvas = element('canvas');
    this.canvas.setAttribute('role', 'rowgroup');
    this.#header = element('hours');
    this.#header.setAttribute('aria-hidden', 'true');
    this.#nowLine = element('now');
    this.#nowLine.setAttribute('aria-hidden', 'true');
    scroller.replaceChildren(this.#header, this.canvas);
    this.#axis = this.#newAxis();
    scroller.addEventListener('scroll', this.#onScroll, { passive: true });
    this.#resizes = new ResizeObserver(() => this.#onResize());
    this.#resizes.observe(scroller);
    this.redraw();
  }

  get axis(): TimeAxis {
    return this.#axis;
  }

  get source(): DaySource {
    return this.#settings.source;
  }

  get selectedJobId(): string | null {
    return this.#selectedJobId;
  }

  get lines(): readonly (Technician | null)[] {
    return linesOf(this.source);
  }

  destroy(): void {
    cancelAnimationFrame(this.#frame);
    this.#resizes.disconnect();
    this.scroller.removeEventListener('scroll', this.#onScroll);
    this.scroller.replaceChildren();
  }

  configure(change: Partial<BoardSettings>): void {
    this.#settings = { ...this.#settings, ...change };
    this.redraw();
  }

  /** Draws everything in view anew: another day, language, zoom or size. */
  redraw(): void {
    this.#axis = this.#newAxis();
    const { source } = this.#settings;
    this.#drawnLines = source.lines;
    this.scroller.setAttribute('aria-rowcount', String(this.lines.length));
    for (const row of this.#rows.values()) row.remove();
    this.#rows.clear();
    this.#stale.clear();
    const widthPx = `${NAME_WIDTH_PX + this.#axis.widthPx}px`;
    this.canvas.style.width = this.#header.style.width = widthPx;
    this.canvas.style.height = `${this.lines.length * ROW_HEIGHT_PX}px`;
    this.canvas.replaceChildren(...(source.heads ? [source.heads] : []));
    this.#drawHours();
    this.#paint();
    this.#drawMark();
    this.setNow(this.#nowMs);
  }

  /** Draws only the rows that changed and are in view. */
  apply(changes: Changes): void {
    if (changes.technicians || this.source.lines !== this.#drawnLines) {
      this.redraw();
      return;
    }
    for (const id of changes.rows) this.#stale.add(id);
    this.#refresh();
    if (!this.#mark?.isConnected) this.#drawMark();
    this.#announce();
  }

  /** A few changed rows with each frame: what one does oneself is there at once, a burst keeps nobody waiting. */
  #refresh(): void {
    let left = REFRESHED_AT_ONCE;
    for (const [index, row] of this.#rows) {
      const technician = this.lines[index];
      if (!technician || !this.#stale.has(technician.id)) continue;
      if (left === 0) {
        this.#request();
        return;
      }
      left -= 1;
      this.#stale.delete(technician.id);
      const fresh = rowElement(technician, index, this.#context());
      row.replaceWith(fresh);
      this.#rows.set(index, fresh);
    }
    this.#stale.clear(); // the others are not there, and will be drawn as they are by then
  }

  select(jobId: string | null, options: { reveal: boolean }): void {
    if (this.#selectedJobId) this.#bar(this.#selectedJobId)?.setAttribute('aria-selected', 'false');
    this.#selectedJobId = jobId;
    if (jobId && options.reveal) this.reveal(jobId);
    if (jobId) this.#bar(jobId)?.setAttribute('aria-selected', 'true');
    this.#drawMark();
    this.#announce();
  }

  /** Says anew which jobs are chosen together. */
  markPicked(): void {
    const { isPicked } = this.#settings;
    for (const bar of this.canvas.querySelectorAll<HTMLElement>('.bar')) {
      const jobId = bar.dataset.job ?? '';
      bar.setAttribute(
        'aria-selected',
        String(jobId === this.#selectedJobId || (isPicked?.(jobId) ?? false)),
      );
    }
  }

  /** Scrolls a visit into view, both ways, with the least movement. */
  reveal(jobId: string): void {
    const visit = this.source.visit(jobId);
    const index = this.rowIndex(visit?.technicianId ?? null);
    if (!visit?.planned || index === -1) return;
    const { scroller } = this;
    const heightPx = scroller.clientHeight - HEADER_HEIGHT_PX;
    scroller.scrollTop = scrollToRow(index, { scrollTopPx: scroller.scrollTop, heightPx }, ROW_HEIGHT_PX);
    const left = this.#axis.x(visit.planned.startMs);
    const right = this.#axis.x(visit.planned.endMs);
    const viewPx = scroller.clientWidth - NAME_WIDTH_PX;
    if (left < scroller.scrollLeft) scroller.scrollLeft = left - 24;
    else if (right > scroller.scrollLeft + viewPx) scroller.scrollLeft = right - viewPx + 24;
    this.#paint();
  }

  rowIndex(technicianId: string | null): number {
    return this.lines.findIndex((technician) => technician?.id === technicianId);
  }

  setNow(ms: number): void {
    this.#nowMs = ms;
    const isShown = ms > 0 && this.#axis.contains(ms);
    this.#nowLine.hidden = !isShown;
    if (!isShown) return;
    this.#nowLine.style.left = `${NAME_WIDTH_PX + this.#axis.x(ms)}px`;
    this.canvas.append(this.#nowLine);
  }

  /** Marks the row a dragged bar would land in. */
  highlightRow(index: number | null): void {
    for (const [at, row] of this.#rows) row.classList.toggle('target', at === index);
  }

  /** The window of a visit that is being dragged, on the row beneath the pointer. */
  markWindow(visit: Visit | null, index: number): void {
    this.#mark?.remove();
    const row = this.#rows.get(index);
    this.#mark = visit?.window && row ? windowMark(visit.window, this.#axis) : null;
    if (this.#mark) row?.insertBefore(this.#mark, row.querySelector('.bar'));
  }

  #drawMark(): void {
    const visit = this.source.visit(this.#selectedJobId);
    this.markWindow(visit, this.rowIndex(visit?.technicianId ?? null));
  }

  #announce(): void {
    const id = this.#selectedJobId ? barId(this.#selectedJobId) : '';
    if (id && document.getElementById(id)) this.scroller.setAttribute('aria-activedescendant', id);
    else this.scroller.removeAttribute('aria-activedescendant');
  }

  #bar(jobId: string): HTMLElement | null {
    return document.getElementById(barId(jobId));
  }

  #newAxis(): TimeAxis {
    this.#widthPx = Math.max(this.#minWidthPx(), this.scroller.clientWidth);
    const { span, zoom } = this.#settings;
    return new TimeAxis(span, Math.max(320, this.#widthPx - NAME_WIDTH_PX) * zoom);
  }

  /** While a panel is open a redraw (another language, a live change of shifts) keeps the scale too. */
  #minWidthPx(): number {
    return window.innerWidth === this.#windowPx ? this.#widthPx : 0;
  }

  #context() {
    const { source, words, colorOf } = this.#settings;
    const isPicked = this.#settings.isPicked ?? (() => false);
    return {
      day: source,
      axis: this.#axis,
      words,
      colorOf,
      isPicked,
      selectedJobId: this.#selectedJobId,
    };
  }

  #drawHours(): void {
    const { clock } = this.#settings;
    const labels: HTMLElement[] = [];
    const lines: string[] = [];
    for (const { ms, x } of this.#axis.ticks()) {
      const label = element('hour');
      label.textContent = clock.time(ms);
      label.style.left = `${NAME_WIDTH_PX + x}px`;
      labels.push(label);
      lines.push(`${x}`);
    }
    const corner = element('corner');
    this.#header.replaceChildren(corner, ...labels);
    this.canvas.style.setProperty(
      '--tick',
      `${(Number(lines[1] ?? 0) - Number(lines[0] ?? 0)).toFixed(3)}px`,
    );
  }

  /** What is in view at once, and a few rows beyond it with each frame, so that no frame takes long. */
  #paint(): void {
    const { lines } = this;
    const view = { scrollTopPx: this.scroller.scrollTop, heightPx: this.scroller.clientHeight };
    const seen = rowWindow(view, lines.length, ROW_HEIGHT_PX, 0);
    const kept = rowWindow(view, lines.length, ROW_HEIGHT_PX);
    for (const [index, row] of this.#rows) {
      if (index >= kept.first && index < kept.end) continue;
      row.remove();
      this.#rows.delete(index);
    }
    const missing = outwards(seen, kept).filter((index) => lines[index] && !this.#rows.has(index));
    const isSeen = (index: number): boolean => index >= seen.first && index < seen.end;
    const ahead = missing.filter((index) => !isSeen(index));
    this.#draw([...missing.filter(isSeen), ...ahead.slice(0, AHEAD_AT_ONCE)]);
    if (ahead.length > AHEAD_AT_ONCE) this.#request();
    if (!this.#mark?.isConnected) this.#drawMark();
    this.#announce();
  }

  #draw(indexes: readonly number[]): void {
    const fresh = document.createDocumentFragment();
    const context = this.#context();
    for (const index of indexes) {
      const technician = this.lines[index];
      if (!technician) continue;
      const row = rowElement(technician, index, context);
      this.#rows.set(index, row);
      fresh.append(row);
    }
    if (fresh.hasChildNodes()) this.canvas.append(fresh);
  }

  #request(): void {
    this.#frame ||= requestAnimationFrame(() => {
      this.#frame = 0;
      this.#refresh();
      this.#paint();
    });
  }

  readonly #onScroll = (): void => this.#request();

  /**
   * A panel that opens beside the board takes from its width but leaves its scale alone: bars stay where they
   * are on screen. Only a window of another size, or more room than before, fits the day anew.
   */
  #onResize(): void {
    const isOtherWindow = window.innerWidth !== this.#windowPx;
    this.#windowPx = window.innerWidth;
    if (isOtherWindow || this.scroller.clientWidth > this.#widthPx) this.redraw();
    else this.#paint();
  }
}

function element(className: string): HTMLDivElement {
  const created = document.createElement('div');
  created.className = className;
  return created;
}
