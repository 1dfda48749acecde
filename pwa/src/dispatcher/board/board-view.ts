/** The board: one row per technician, only the rows in view exist; 120 × 1,200 is the size it is made for. */

import type { Changes } from '../day/day-model.ts';
import { type DaySource, linesOf } from '../day/day-source.ts';
import type { Span, Technician } from '../day/visit.ts';
import type { ZoneClock } from '../day/zone-clock.ts';
import { barId } from './bar.ts';
import { box, NAME_WIDTH_PX, ROW_HEIGHT_PX, type RowContext } from './board-elements.ts';
import { windowMark } from './board-row.ts';
import { BoardRows } from './board-rows.ts';
import type { BoardWords } from './board-words.ts';
import { Hours } from './hours.ts';
import { Leisure } from './leisure.ts';
import { around, outwards, type RowWindow, rowWindow, scrollToRow, type Viewport } from './row-window.ts';
import { TimeAxis } from './time-axis.ts';

export const HEADER_HEIGHT_PX = 28;
/** Rows around those in view that exist at any time, drawn one with a frame. */
const NEAR_ROWS = 6;
const AHEAD_AT_ONCE = 1;
/** As many rows as there may be, drawn while nothing else is to be done, so that scrolling has nothing to draw. */
const KEPT_ROWS = 320;
const IDLE_AT_ONCE = 2;
/** List and map come before rows that nobody sees yet. */
const AFTER_VIEW_MS = 300;
/** Out of sight a changed row waits for others: any number of them at once is one frame. */
const SETTLED_MS = 2000;
const SETTLED_AT_ONCE = 4;
/** Whoever scrolled less than this ago may be scrolling still. */
const SCROLLING_MS = 200;
/** Changed rows drawn anew with one frame. */
const REFRESHED_AT_ONCE = 4;
const NOBODY: (jobId: string) => boolean = () => false;

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
  readonly canvas = box('canvas');
  readonly #hours = new Hours(this.canvas);
  readonly #rows = new BoardRows();
  /** Technicians whose row is still drawn as it was. */
  readonly #stale = new Set<string>();
  readonly #resizes: ResizeObserver;
  #settings: BoardSettings;
  #axis: TimeAxis;
  #selectedJobId: string | null = null;
  #liftedJobId: string | null = null;
  #isBoxed = NOBODY;
  #mark: HTMLElement | null = null;
  #nowMs = 0;
  #drawnLines: DaySource['lines'];
  #frame = 0;
  readonly #leisure = new Leisure(() => this.#fill());
  #scrolledAt = 0;
  #hasScrolled = false;
  #changedAt = 0;
  #isOtherDay = false;
  #widthPx = 0;
  #heightPx = 0;
  #roomPx = 0;
  #scrollTopPx = 0;
  #windowPx = window.innerWidth;

  constructor(scroller: HTMLElement, settings: BoardSettings) {
    this.scroller = scroller;
    this.#settings = settings;
    this.canvas.setAttribute('role', 'rowgroup');
    scroller.replaceChildren(this.#hours.element, this.canvas);
    this.#measure();
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

  get lines(): readonly (Technician | null)[] {
    return linesOf(this.source);
  }

  destroy(): void {
    cancelAnimationFrame(this.#frame);
    this.#leisure.end();
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
    cancelAnimationFrame(this.#frame);
    this.#frame = 0;
    this.#isOtherDay = false;
    this.#axis = this.#newAxis();
    const { source } = this.#settings;
    this.#drawnLines = source.lines;
    this.scroller.setAttribute('aria-rowcount', String(this.lines.length));
    this.#stale.clear();
    const widthPx = `${NAME_WIDTH_PX + this.#axis.widthPx}px`;
    this.canvas.style.width = this.#hours.element.style.width = widthPx;
    this.canvas.style.height = `${this.lines.length * ROW_HEIGHT_PX}px`;
    const sheets = this.#rows.lay(this.lines.length);
    this.canvas.replaceChildren(this.#rows.names, ...(source.heads ? [source.heads] : []), ...sheets);
    this.#hours.draw(this.#axis, this.#settings.clock);
    this.#paint();
    this.#drawMark();
    this.setNow(this.#nowMs);
  }

  /** Draws only the rows that changed and are in view; other technicians are drawn with the next frame. */
  apply(changes: Changes): void {
    if (changes.technicians || this.source.lines !== this.#drawnLines) {
      this.#isOtherDay = true;
      this.#request();
      return;
    }
    for (const id of changes.rows) this.#stale.add(id);
    this.#changedAt = performance.now();
    this.#refresh();
    if (this.#stale.size > 0) this.#leisure.askIn(SETTLED_MS);
    if (!this.#mark?.isConnected) this.#drawMark();
    this.#announce();
  }

  /** A few changed rows with each frame: what one does oneself is there at once, a burst keeps nobody waiting. */
  #refresh(most = REFRESHED_AT_ONCE, within = this.#window(NEAR_ROWS)): void {
    let left = most;
    for (const index of this.#staleRows(within)) {
      if (left === 0) {
        this.#request();
        return;
      }
      left -= 1;
      this.#show(index);
    }
  }

  #staleRows({ first, end }: RowWindow): number[] {
    const { lines } = this;
    const isStale = (index: number): boolean => this.#stale.has(lines[index]?.id ?? '');
    return this.#rows.indexes.filter((index) => index >= first && index < end && isStale(index));
  }

  #show(index: number, row = this.#rows.at(index)): void {
    const technician = this.lines[index];
    if (!technician) return;
    this.#stale.delete(technician.id);
    row?.show(technician, index, this.#context());
  }

  select(jobId: string | null, options: { reveal: boolean }): void {
    this.#selectedJobId = jobId;
    if (jobId && options.reveal) this.reveal(jobId);
    this.markChosen();
    this.#drawMark();
    this.#announce();
  }

  /** Says anew which jobs are selected, alone, together or by a box that is being drawn. */
  markChosen(isBoxed = NOBODY): void {
    this.#isBoxed = isBoxed;
    for (const row of this.#rows.all) row.choose(this.#isChosen);
  }

  /** The bar that is being dragged is drawn paler. */
  lift(jobId: string | null): void {
    for (const id of [this.#liftedJobId, jobId]) {
      const technicianId = this.source.visit(id)?.technicianId;
      if (technicianId) this.#stale.add(technicianId);
    }
    this.#liftedJobId = jobId;
    this.#refresh();
  }

  /** Scrolls a visit into view, both ways, with the least movement. */
  reveal(jobId: string): void {
    const visit = this.source.visit(jobId);
    const index = this.rowIndex(visit?.technicianId ?? null);
    if (!visit?.planned || index === -1) return;
    const { scroller } = this;
    const { scrollTop, scrollLeft } = scroller;
    const view = { scrollTopPx: scrollTop, heightPx: this.#heightPx - HEADER_HEIGHT_PX };
    const left = this.#axis.x(visit.planned.startMs);
    const right = this.#axis.x(visit.planned.endMs);
    const viewPx = this.#roomPx - NAME_WIDTH_PX;
    this.#scrollTopPx = scrollToRow(index, view, ROW_HEIGHT_PX);
    if (this.#scrollTopPx !== scrollTop) scroller.scrollTop = this.#scrollTopPx;
    if (left < scrollLeft) scroller.scrollLeft = left - 24;
    else if (right > scrollLeft + viewPx) scroller.scrollLeft = right - viewPx + 24;
    this.#paint();
  }

  rowIndex(technicianId: string | null): number {
    return this.lines.findIndex((technician) => technician?.id === technicianId);
  }

  setNow(ms: number): void {
    this.#nowMs = ms;
    this.#hours.setNow(ms, this.#axis);
  }

  /** The promise made to the customer of the selected visit, on its row. */
  #drawMark(): void {
    this.#mark?.remove();
    const visit = this.source.visit(this.#selectedJobId);
    const row = this.#rows.at(this.rowIndex(visit?.technicianId ?? null));
    this.#mark = visit?.window && row ? windowMark(visit.window, this.#axis) : null;
    if (this.#mark) row?.mark(this.#mark);
  }

  #announce(): void {
    const id = this.#selectedJobId ? barId(this.#selectedJobId) : '';
    if (id && document.getElementById(id)) this.scroller.setAttribute('aria-activedescendant', id);
    else this.scroller.removeAttribute('aria-activedescendant');
  }

  readonly #isChosen = (jobId: string): boolean =>
    jobId === this.#selectedJobId || this.#isBoxed(jobId) || (this.#settings.isPicked ?? NOBODY)(jobId);

  #newAxis(): TimeAxis {
    this.#widthPx = Math.max(this.#minWidthPx(), this.#roomPx);
    const { span, zoom } = this.#settings;
    return new TimeAxis(span, Math.max(320, this.#widthPx - NAME_WIDTH_PX) * zoom);
  }

  /** While a panel is open a redraw (another language, a live change of shifts) keeps the scale too. */
  #minWidthPx(): number {
    return window.innerWidth === this.#windowPx ? this.#widthPx : 0;
  }

  #context(): RowContext {
    const { source, words, colorOf } = this.#settings;
    const [axis, isChosen, liftedJobId] = [this.#axis, this.#isChosen, this.#liftedJobId];
    return { day: source, axis, words, colorOf, isChosen, liftedJobId };
  }

  /** What is in view at once and alone, then a row beyond it with each frame, so that no frame takes long. */
  #paint(): void {
    const seen = this.#window(0);
    const missing = this.#missing(seen, this.#window(NEAR_ROWS));
    const isSeen = (index: number): boolean => index >= seen.first && index < seen.end;
    const due = missing.filter(isSeen);
    this.#draw(due.length > 0 ? due : missing.slice(0, AHEAD_AT_ONCE));
    if (due.length > 0) this.#leisure.askIn(AFTER_VIEW_MS);
    else if (missing.length > AHEAD_AT_ONCE) this.#request();
    else this.#leisure.ask();
    if (!this.#mark?.isConnected) this.#drawMark();
    this.#announce();
  }

  /** Draws what is still missing far out of view, and once nothing changes any more what has changed there. */
  #fill(): void {
    const nowMs = performance.now();
    if (nowMs - this.#scrolledAt < SCROLLING_MS) {
      this.#leisure.askIn(SCROLLING_MS);
      return;
    }
    const kept = this.#kept();
    const missing = this.#missing(this.#window(0), kept);
    this.#draw(missing.slice(0, IDLE_AT_ONCE));
    if (missing.length > IDLE_AT_ONCE) this.#leisure.ask();
    else if (nowMs - this.#changedAt >= SETTLED_MS) this.#catchUp(kept);
    else if (this.#stale.size > 0) this.#leisure.askIn(SETTLED_MS);
  }

  #catchUp(kept: RowWindow): void {
    const stale = this.#staleRows(kept);
    for (const index of stale.slice(0, SETTLED_AT_ONCE)) this.#show(index);
    if (stale.length > SETTLED_AT_ONCE) this.#leisure.ask();
    else this.#stale.clear(); // the others are not there, and will be drawn as they are by then
  }

  #missing(seen: RowWindow, wanted: RowWindow): number[] {
    const { lines } = this;
    return outwards(seen, wanted).filter((index) => lines[index] && !this.#rows.at(index));
  }

  #draw(indexes: readonly number[]): void {
    this.#rows.draw(indexes, this.#kept(), (row, index) => this.#show(index, row));
  }

  #window(overscan: number): RowWindow {
    const view: Viewport = { scrollTopPx: this.#scrollTopPx, heightPx: this.#heightPx - HEADER_HEIGHT_PX };
    return rowWindow(view, this.lines.length, ROW_HEIGHT_PX, overscan);
  }

  #kept(): RowWindow {
    return around(this.#window(0), this.lines.length, KEPT_ROWS);
  }

  #request(): void {
    this.#frame ||= requestAnimationFrame(() => {
      this.#frame = 0;
      // Asked for when nothing scrolled, it would have everything laid out before its time.
      if (this.#hasScrolled) this.#scrollTopPx = this.scroller.scrollTop;
      this.#hasScrolled = false;
      if (this.#isOtherDay) this.redraw();
      this.#paint();
      this.#refresh();
    });
  }

  readonly #onScroll = (): void => {
    this.#scrolledAt = performance.now();
    this.#hasScrolled = true;
    this.#request();
  };

  /**
   * A panel that opens beside the board takes from its width but leaves its scale alone: bars stay where they
   * are on screen. Only a window of another size, or more room than before, fits the day anew.
   */
  #onResize(): void {
    const isOtherWindow = window.innerWidth !== this.#windowPx;
    this.#windowPx = window.innerWidth;
    this.#measure();
    if (isOtherWindow || this.#roomPx > this.#widthPx) this.redraw();
    else this.#paint();
  }

  /** Asking the browser while something has changed would make it lay everything out at once. */
  #measure(): void {
    this.#heightPx = this.scroller.clientHeight;
    this.#roomPx = this.scroller.clientWidth;
  }
}
