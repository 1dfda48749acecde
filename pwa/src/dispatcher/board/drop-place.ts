/**
 * The row a dragged visit would land in, and in it the promise made to its customer. It lies over the board, not in it,
 * and is only shifted: nothing of the board is painted or put together anew while one drags.
 */

import type { Span } from '../day/visit.ts';
import { setAfloat } from './afloat.ts';
import { box, NAME_WIDTH_PX, ROW_HEIGHT_PX } from './board-elements.ts';
import { windowMark } from './board-row.ts';
import type { BoardView } from './board-view.ts';
import { HEADER_HEIGHT_PX } from './board-viewport.ts';

export class DropPlace {
  readonly #scroller: HTMLElement;
  readonly #frame = box('drop-place');
  readonly #row = box('drop-row');

  constructor({ scroller, axis }: BoardView, promise: Span | null) {
    this.#scroller = scroller;
    const { left, top } = scroller.getBoundingClientRect();
    this.#frame.setAttribute('aria-hidden', 'true');
    this.#frame.style.cssText = [
      `left:${left + NAME_WIDTH_PX}px`,
      `top:${top + HEADER_HEIGHT_PX}px`,
      `width:${scroller.clientWidth - NAME_WIDTH_PX}px`,
      `height:${scroller.clientHeight - HEADER_HEIGHT_PX}px`,
    ].join(';');
    this.#row.style.width = `${NAME_WIDTH_PX + axis.widthPx}px`;
    if (promise) this.#row.append(windowMark(promise, axis));
    this.#frame.append(this.#row);
    this.show(null);
    document.body.append(this.#frame);
    setAfloat(this.#row);
  }

  /** Null where a drop would do nothing. */
  show(row: number | null): void {
    const { scrollLeft, scrollTop } = this.#scroller;
    this.#row.style.opacity = row === null ? '0' : '';
    if (row === null) return;
    this.#row.style.transform = `translate(${-NAME_WIDTH_PX - scrollLeft}px,${row * ROW_HEIGHT_PX - scrollTop}px)`;
  }

  remove(): void {
    this.#frame.remove();
  }
}
