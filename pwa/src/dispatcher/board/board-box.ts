/** Choosing several visits at once by drawing a box around them; the keys' way is Shift with the arrows. */

import { box, NAME_WIDTH_PX } from './board-elements.ts';
import type { BoardView } from './board-view.ts';
import { HEADER_HEIGHT_PX } from './board-viewport.ts';
import { type Corner, jobsBetween } from './extent.ts';
import { edgeScroll } from './row-window.ts';

const START_AFTER_PX = 4;

export interface BoxPorts {
  canDraw(): boolean;
  /** The box is drawn; `isMore` adds to what is chosen already. */
  chosen(jobIds: readonly string[], isMore: boolean): void;
}

interface Drawing {
  readonly pointerId: number;
  readonly from: Corner;
  readonly bounds: DOMRect;
  to: Corner;
  clientX: number;
  clientY: number;
  /** Null until the pointer has gone far enough to mean a box. */
  element: HTMLElement | null;
}

export class BoardBox {
  readonly #board: BoardView;
  readonly #ports: BoxPorts;
  readonly #listeners: readonly (readonly [string, (event: never) => void])[];
  #drawing: Drawing | null = null;
  #frame = 0;

  constructor(board: BoardView, ports: BoxPorts) {
    this.#board = board;
    this.#ports = ports;
    this.#listeners = [
      ['pointerdown', (event: PointerEvent) => this.#begin(event)],
      ['pointermove', (event: PointerEvent) => this.#move(event)],
      ['pointerup', (event: PointerEvent) => this.#finish(event)],
      ['pointercancel', () => this.#end()],
      ['keydown', (event: KeyboardEvent) => this.#cancel(event)],
    ];
    for (const [name, listen] of this.#listeners)
      board.scroller.addEventListener(name, listen as EventListener);
  }

  destroy(): void {
    this.#end();
    for (const [name, listen] of this.#listeners)
      this.#board.scroller.removeEventListener(name, listen as EventListener);
  }

  #begin(event: PointerEvent): void {
    const isFree =
      event.target instanceof Element && !event.target.closest('.bar, .name, .group-head, .hours');
    // A finger on free ground scrolls.
    if (!isFree || event.button !== 0 || event.pointerType !== 'mouse' || !this.#ports.canDraw()) return;
    const bounds = this.#board.scroller.getBoundingClientRect();
    const { pointerId, clientX, clientY } = event;
    const from = this.#corner(bounds, clientX, clientY);
    if (clientX - bounds.left > this.#board.scroller.clientWidth) return; // the scroll bar
    this.#drawing = { pointerId, from, bounds, to: from, clientX, clientY, element: null };
  }

  #move({ pointerId, clientX, clientY }: PointerEvent): void {
    const drawing = this.#drawing;
    if (drawing?.pointerId !== pointerId) return;
    const wayPx = Math.hypot(clientX - drawing.clientX, clientY - drawing.clientY);
    if (!drawing.element) {
      if (wayPx < START_AFTER_PX) return;
      // From now on the board hears of this pointer alone: its end is no click on whatever lies there.
      this.#board.scroller.setPointerCapture(pointerId);
      drawing.element = box('lasso');
      this.#board.canvas.append(drawing.element);
    }
    drawing.clientX = clientX;
    drawing.clientY = clientY;
    this.#frame ||= requestAnimationFrame(() => this.#draw(drawing));
  }

  #draw(drawing: Drawing): void {
    this.#frame = 0;
    const { bounds, clientX, clientY, from, element } = drawing;
    const { scroller, source, lines, axis } = this.#board;
    const step = edgeScroll(clientY, bounds.top + HEADER_HEIGHT_PX, bounds.bottom);
    const to = this.#corner(bounds, clientX, clientY);
    drawing.to = to;
    const jobs = new Set(jobsBetween(from, to, source, lines, axis));
    if (element) lay(element, from, to);
    this.#board.markChosen((jobId) => jobs.has(jobId));
    if (step === 0 || drawing !== this.#drawing) return;
    scroller.scrollTop += step;
    this.#frame ||= requestAnimationFrame(() => this.#draw(drawing));
  }

  #finish(event: PointerEvent): void {
    const drawing = this.#drawing;
    if (drawing?.pointerId !== event.pointerId) return;
    const isDrawn = drawing.element !== null;
    if (isDrawn) this.#draw(drawing);
    this.#end();
    if (!isDrawn) return;
    const { source, lines, axis } = this.#board;
    const isMore = event.ctrlKey || event.metaKey || event.shiftKey;
    this.#ports.chosen(jobsBetween(drawing.from, drawing.to, source, lines, axis), isMore);
  }

  #cancel(event: KeyboardEvent): void {
    if (event.key !== 'Escape' || !this.#drawing?.element) return;
    event.stopPropagation();
    this.#end();
  }

  #end(): void {
    const drawing = this.#drawing;
    this.#drawing = null;
    cancelAnimationFrame(this.#frame);
    this.#frame = 0;
    if (!drawing?.element) return;
    drawing.element.remove();
    this.#board.markChosen();
  }

  #corner(bounds: DOMRect, clientX: number, clientY: number): Corner {
    const { scrollLeft, scrollTop } = this.#board.scroller;
    return {
      x: Math.max(clientX, bounds.left + NAME_WIDTH_PX) - bounds.left - NAME_WIDTH_PX + scrollLeft,
      y: Math.max(clientY, bounds.top + HEADER_HEIGHT_PX) - bounds.top - HEADER_HEIGHT_PX + scrollTop,
    };
  }
}

function lay(element: HTMLElement, a: Corner, b: Corner): void {
  element.style.left = `${NAME_WIDTH_PX + Math.min(a.x, b.x)}px`;
  element.style.top = `${Math.min(a.y, b.y)}px`;
  element.style.width = `${Math.abs(a.x - b.x)}px`;
  element.style.height = `${Math.abs(a.y - b.y)}px`;
}
