/** The board: one row per technician, only the rows in view exist; 120 × 1,200 is the size it is made for. */

import type { Changes } from '../day/day-model.ts';
import { type DaySource, linesOf } from '../day/day-source.ts';
import type { Span, Technician } from '../day/visit.ts';
import type { ZoneClock } from '../day/zone-clock.ts';
import { barId } from './bar.ts';
import { box, NAME_WIDTH_PX, ROW_HEIGHT_PX, type RowContext } from './board-elements.ts';
import { windowMark } from './board-row.ts';
import { BoardViewport } from './board-viewport.ts';
import type { BoardWords } from './board-words.ts';
import { Hours } from './hours.ts';
import { RowDrawing } from './row-drawing.ts';
import { TimeAxis } from './time-axis.ts';

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
  readonly #viewport: BoardViewport;
  readonly #drawing: RowDrawing;
  readonly #resizes: ResizeObserver;
  #settings: BoardSettings;
  #axis: TimeAxis;
  #selectedJobId: string | null = null;
  #liftedJobId: string | null = null;
  #isBoxed = NOBODY;
  #mark: HTMLElement | null = null;
  #nowMs = 0;
  #drawnLines: DaySource['lines'];
  #isOtherDay = false;

  constructor(scroller: HTMLElement, settings: BoardSettings) {
    this.scroller = scroller;
    this.#settings = settings;
    this.canvas.setAttribute('role', 'rowgroup');
    scroller.replaceChildren(this.#hours.element, this.canvas);
    this.#viewport = new BoardViewport(scroller);
    this.#drawing = new RowDrawing(this.#viewport, {
      lines: () => this.lines,
      context: () => this.#context(),
      onFrame: () => {
        if (this.#isOtherDay) this.redraw();
      },
      onDrawn: () => this.#showChosen(),
    });
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
    this.#drawing.end();
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
    this.#isOtherDay = false;
    this.#axis = this.#newAxis();
    const { source } = this;
    this.#drawnLines = source.lines;
    this.scroller.setAttribute('aria-rowcount', String(this.lines.length));
    const sheets = this.#drawing.begin();
    const widthPx = `${NAME_WIDTH_PX + this.#axis.widthPx}px`;
    this.canvas.style.width = this.#hours.element.style.width = widthPx;
    this.canvas.style.height = `${this.lines.length * ROW_HEIGHT_PX}px`;
    const heads = source.heads ? [source.heads] : [];
    this.canvas.replaceChildren(this.#drawing.rows.names, ...heads, ...sheets);
    this.#hours.draw(this.#axis, this.#settings.clock);
    this.#drawing.paint();
    this.#drawMark();
    this.setNow(this.#nowMs);
  }

  /** Draws only the rows that changed and are in view; other technicians are drawn with the next frame. */
  apply(changes: Changes): void {
    if (changes.technicians || this.source.lines !== this.#drawnLines) {
      this.#isOtherDay = true;
      this.#drawing.request();
      return;
    }
    this.#drawing.change(changes.rows);
    this.#showChosen();
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
    for (const row of this.#drawing.rows.all) row.choose(this.#isChosen);
  }

  /** The bar that is being dragged is drawn paler. */
  lift(jobId: string | null): void {
    const jobIds = [this.#liftedJobId, jobId];
    this.#liftedJobId = jobId;
    this.#drawing.change(jobIds.flatMap((id) => this.source.visit(id)?.technicianId ?? []));
  }

  /** Scrolls a visit into view, both ways, with the least movement. */
  reveal(jobId: string): void {
    const visit = this.source.visit(jobId);
    const index = this.rowIndex(visit?.technicianId ?? null);
    if (!visit?.planned || index === -1) return;
    const { startMs, endMs } = visit.planned;
    this.#viewport.reveal(index, this.#axis.x(startMs), this.#axis.x(endMs));
    this.#drawing.paint();
  }

  rowIndex(technicianId: string | null): number {
    return this.lines.findIndex((technician) => technician?.id === technicianId);
  }

  setNow(ms: number): void {
    this.#nowMs = ms;
    this.#hours.setNow(ms, this.#axis);
  }

  /** What is chosen, where its row has only just come. */
  #showChosen(): void {
    if (!this.#mark?.isConnected) this.#drawMark();
    this.#announce();
  }

  /** The promise made to the customer of the selected visit, on its row. */
  #drawMark(): void {
    this.#mark?.remove();
    const visit = this.source.visit(this.#selectedJobId);
    const row = this.#drawing.rows.at(this.rowIndex(visit?.technicianId ?? null));
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
    const { span, zoom } = this.#settings;
    return new TimeAxis(span, Math.max(320, this.#viewport.fit() - NAME_WIDTH_PX) * zoom);
  }

  #context(): RowContext {
    const { source, words, colorOf } = this.#settings;
    const [axis, isChosen, liftedJobId] = [this.#axis, this.#isChosen, this.#liftedJobId];
    return { day: source, axis, words, colorOf, isChosen, liftedJobId };
  }

  readonly #onScroll = (): void => this.#drawing.scrolled();

  #onResize(): void {
    if (this.#viewport.resized()) this.redraw();
    else this.#drawing.paint();
  }
}
