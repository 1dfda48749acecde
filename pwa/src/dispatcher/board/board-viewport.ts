/** What of the board is in view. The browser is asked when it has worked that out anyway, and not while it has not. */

import { NAME_WIDTH_PX, ROW_HEIGHT_PX } from './board-elements.ts';
import { around, type RowWindow, rowWindow, scrollToRow, type Viewport } from './row-window.ts';

export const HEADER_HEIGHT_PX = 28;
/** As many rows as there may be, drawn while nothing else is to be done, so that scrolling has nothing to draw. */
const KEPT_ROWS = 320;
/** What is brought into view does not touch the edge. */
const BESIDE_PX = 24;

export class BoardViewport {
  readonly #scroller: HTMLElement;
  #hasScrolled = false;
  #widthPx = 0;
  #heightPx = 0;
  #roomPx = 0;
  #scrollTopPx = 0;
  #windowPx = window.innerWidth;

  constructor(scroller: HTMLElement) {
    this.#scroller = scroller;
    this.#measure();
  }

  /**
   * The width a day is fitted into. While a panel is open a redraw (another language, a live change of shifts) keeps
   * the scale.
   */
  fit(): number {
    const leastPx = window.innerWidth === this.#windowPx ? this.#widthPx : 0;
    this.#widthPx = Math.max(leastPx, this.#roomPx);
    return this.#widthPx;
  }

  /**
   * Takes in another size and tells whether the day is to be fitted anew. A panel that opens beside the board takes
   * from its width but leaves its scale alone: bars stay where they are on screen. Only a window of another size, or
   * more room than before, is another scale.
   */
  resized(): boolean {
    const isOtherWindow = window.innerWidth !== this.#windowPx;
    this.#windowPx = window.innerWidth;
    this.#measure();
    return isOtherWindow || this.#roomPx > this.#widthPx;
  }

  scrolled(): void {
    this.#hasScrolled = true;
  }

  /** Asked for when nothing scrolled, the place would have everything laid out before its time. */
  followScroll(): void {
    if (this.#hasScrolled) this.#scrollTopPx = this.#scroller.scrollTop;
    this.#hasScrolled = false;
  }

  /** The rows in view and as many on each side. */
  rows(rowCount: number, overscan: number): RowWindow {
    return rowWindow(this.#view(this.#scrollTopPx), rowCount, ROW_HEIGHT_PX, overscan);
  }

  /** The rows that may be there, those in view among them. */
  kept(rowCount: number): RowWindow {
    return around(this.rows(rowCount, 0), rowCount, KEPT_ROWS);
  }

  /** Scrolls a piece of a row into view, both ways, with the least movement. */
  reveal(row: number, leftPx: number, rightPx: number): void {
    const scroller = this.#scroller;
    const { scrollTop, scrollLeft } = scroller;
    const viewPx = this.#roomPx - NAME_WIDTH_PX;
    this.#scrollTopPx = scrollToRow(row, this.#view(scrollTop), ROW_HEIGHT_PX);
    if (this.#scrollTopPx !== scrollTop) scroller.scrollTop = this.#scrollTopPx;
    if (leftPx < scrollLeft) scroller.scrollLeft = leftPx - BESIDE_PX;
    else if (rightPx > scrollLeft + viewPx) scroller.scrollLeft = rightPx - viewPx + BESIDE_PX;
  }

  #view(scrollTopPx: number): Viewport {
    return { scrollTopPx, heightPx: this.#heightPx - HEADER_HEIGHT_PX };
  }

  /** Asking the browser while something has changed would make it lay everything out at once. */
  #measure(): void {
    this.#heightPx = this.#scroller.clientHeight;
    this.#roomPx = this.#scroller.clientWidth;
  }
}
