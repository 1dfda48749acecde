/** Which rows are drawn when: what is in view at once, all else piece by piece when it keeps nobody waiting. */

import type { Technician } from '../day/visit.ts';
import type { RowContext } from './board-elements.ts';
import type { BoardRow } from './board-row.ts';
import { BoardRows } from './board-rows.ts';
import type { BoardViewport } from './board-viewport.ts';
import { Leisure } from './leisure.ts';
import { outwards, type RowWindow } from './row-window.ts';

/** Rows around those in view that exist at any time, drawn one with a frame. */
const NEAR_ROWS = 6;
const AHEAD_AT_ONCE = 1;
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

export interface DrawingPorts {
  lines(): readonly (Technician | null)[];
  context(): RowContext;
  /** A frame begins in which rows are drawn. */
  onFrame(): void;
  /** Rows have come or gone. */
  onDrawn(): void;
}

export class RowDrawing {
  readonly rows = new BoardRows();
  readonly #viewport: BoardViewport;
  readonly #ports: DrawingPorts;
  /** Technicians whose row is still drawn as it was. */
  readonly #stale = new Set<string>();
  readonly #leisure = new Leisure(() => this.#fill());
  #frame = 0;
  #scrolledAt = 0;
  #changedAt = 0;

  constructor(viewport: BoardViewport, ports: DrawingPorts) {
    this.#viewport = viewport;
    this.#ports = ports;
  }

  end(): void {
    cancelAnimationFrame(this.#frame);
    this.#leisure.end();
  }

  /** Nothing is drawn any more; gives the sheets for the lines there are now. */
  begin(): readonly HTMLElement[] {
    cancelAnimationFrame(this.#frame);
    this.#frame = 0;
    this.#stale.clear();
    return this.rows.lay(this.#ports.lines().length);
  }

  /** Draws the rows of these technicians anew: a few of those in view now, the others with the next frames. */
  change(technicianIds: Iterable<string>): void {
    for (const id of technicianIds) this.#stale.add(id);
    this.#changedAt = performance.now();
    this.#refresh();
    if (this.#stale.size > 0) this.#leisure.askIn(SETTLED_MS);
  }

  /** What is in view at once and alone, then a row beyond it with each frame, so that no frame takes long. */
  paint(): void {
    const seen = this.#window(0);
    const missing = this.#missing(seen, this.#window(NEAR_ROWS));
    const isSeen = (index: number): boolean => index >= seen.first && index < seen.end;
    const due = missing.filter(isSeen);
    this.#draw(due.length > 0 ? due : missing.slice(0, AHEAD_AT_ONCE));
    if (due.length > 0) this.#leisure.askIn(AFTER_VIEW_MS);
    else if (missing.length > AHEAD_AT_ONCE) this.request();
    else this.#leisure.ask();
    this.#ports.onDrawn();
  }

  /** Draws with the next frame. */
  request(): void {
    this.#frame ||= requestAnimationFrame(() => {
      this.#frame = 0;
      this.#viewport.followScroll();
      this.#ports.onFrame();
      this.paint();
      this.#refresh();
    });
  }

  scrolled(): void {
    this.#scrolledAt = performance.now();
    this.#viewport.scrolled();
    this.request();
  }

  /** A few changed rows with each frame: what one does oneself is there at once, a burst keeps nobody waiting. */
  #refresh(): void {
    let left = REFRESHED_AT_ONCE;
    for (const index of this.#staleRows(this.#window(NEAR_ROWS))) {
      if (left === 0) {
        this.request();
        return;
      }
      left -= 1;
      this.#show(index);
    }
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

  #staleRows({ first, end }: RowWindow): number[] {
    const lines = this.#ports.lines();
    const isStale = (index: number): boolean => this.#stale.has(lines[index]?.id ?? '');
    return this.rows.indexes.filter((index) => index >= first && index < end && isStale(index));
  }

  #missing(seen: RowWindow, wanted: RowWindow): number[] {
    const lines = this.#ports.lines();
    return outwards(seen, wanted).filter((index) => lines[index] && !this.rows.at(index));
  }

  #draw(indexes: readonly number[]): void {
    this.rows.draw(indexes, this.#kept(), (row, index) => this.#show(index, row));
  }

  #show(index: number, row: BoardRow | null = this.rows.at(index)): void {
    const technician = this.#ports.lines()[index];
    if (!technician) return;
    this.#stale.delete(technician.id);
    row?.show(technician, index, this.#ports.context());
  }

  #window(overscan: number): RowWindow {
    return this.#viewport.rows(this.#ports.lines().length, overscan);
  }

  #kept(): RowWindow {
    return this.#viewport.kept(this.#ports.lines().length);
  }
}
