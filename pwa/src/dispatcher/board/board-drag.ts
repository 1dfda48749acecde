/** Dragging a visit over the board: one floating bar moved by a transform per frame, snapped to the time grid. */

import type { Visit } from '../day/visit.ts';
import { setAfloat } from './afloat.ts';
import { box, NAME_WIDTH_PX, ROW_HEIGHT_PX } from './board-elements.ts';
import type { BoardView } from './board-view.ts';
import { HEADER_HEIGHT_PX } from './board-viewport.ts';
import { DropPlace } from './drop-place.ts';
import { edgeScroll, rowAt } from './row-window.ts';
import { SNAP_MIN, snap } from './time-axis.ts';
import { Unhurried } from './unhurried.ts';

const FINE_SNAP_MIN = 5;
const START_AFTER_PX = 4;

export interface DropTarget {
  readonly visit: Visit;
  readonly technicianId: string;
  readonly startMs: number;
}

export interface DragPorts {
  canDrag(visit: Visit): boolean;
  /** What the bar says while it hangs over a place. */
  describe(target: DropTarget): { text: string; isBad: boolean };
  drop(target: DropTarget): void;
  /** A visit hangs at the pointer now. */
  lifted(visit: Visit): void;
}

interface Drag {
  readonly visit: Visit;
  readonly pointerId: number;
  readonly fromX: number;
  readonly fromY: number;
  /** Where in the bar it was taken, in pixels from its left edge. */
  readonly grabX: number;
  readonly widthPx: number;
  floating: HTMLElement | null;
  tip: HTMLElement | null;
  shield: HTMLElement | null;
  place: DropPlace | null;
  clientX: number;
  clientY: number;
  isFine: boolean;
  target: DropTarget | null;
}

export class BoardDrag {
  readonly #board: BoardView;
  readonly #ports: DragPorts;
  /** Nobody reads while the words change with each frame, and writing them is dearer than all else of such a frame. */
  readonly #words = new Unhurried(() => this.#show());
  #drag: Drag | null = null;
  #frame = 0;
  #bounds: DOMRect = new DOMRect();

  constructor(board: BoardView, ports: DragPorts) {
    this.#board = board;
    this.#ports = ports;
    board.canvas.addEventListener('pointerdown', this.#onBarDown);
    window.addEventListener('pointermove', this.#onMove);
    window.addEventListener('pointerup', this.#onUp);
    window.addEventListener('pointercancel', this.#onCancel);
    window.addEventListener('keydown', this.#onKey, true);
  }

  destroy(): void {
    this.#end();
    this.#board.canvas.removeEventListener('pointerdown', this.#onBarDown);
    window.removeEventListener('pointermove', this.#onMove);
    window.removeEventListener('pointerup', this.#onUp);
    window.removeEventListener('pointercancel', this.#onCancel);
    window.removeEventListener('keydown', this.#onKey, true);
  }

  /** Starts with a card from a list beside the board. */
  takeFromList(visit: Visit, event: PointerEvent): void {
    const widthPx = this.#board.axis.length(visit.serviceS * 1000);
    this.#begin(visit, event, Math.min(24, widthPx / 2), widthPx);
  }

  /** Says anew what it says of the place beneath. */
  tell(): void {
    if (this.#drag?.floating) this.#words.now();
  }

  readonly #onBarDown = (event: PointerEvent): void => {
    const bar = (event.target as Element).closest<HTMLElement>('.bar');
    const visit = this.#board.source.visit(bar?.dataset.job ?? null);
    if (!bar || !visit) return;
    const rect = bar.getBoundingClientRect();
    this.#begin(visit, event, event.clientX - rect.left, rect.width);
  };

  #begin(visit: Visit, event: PointerEvent, grabX: number, widthPx: number): void {
    if (event.button !== 0 || !event.isPrimary || !this.#ports.canDrag(visit)) return;
    this.#end();
    this.#bounds = this.#board.scroller.getBoundingClientRect();
    const { pointerId, clientX, clientY } = event;
    this.#drag = {
      visit,
      pointerId,
      fromX: clientX,
      fromY: clientY,
      grabX,
      widthPx,
      floating: null,
      tip: null,
      shield: null,
      place: null,
      clientX,
      clientY,
      isFine: false,
      target: null,
    };
  }

  readonly #onMove = (event: PointerEvent): void => {
    const drag = this.#drag;
    if (!drag || event.pointerId !== drag.pointerId) return;
    drag.clientX = event.clientX;
    drag.clientY = event.clientY;
    drag.isFine = event.shiftKey;
    if (!drag.floating) {
      const moved = Math.hypot(event.clientX - drag.fromX, event.clientY - drag.fromY);
      if (moved < START_AFTER_PX) return;
      this.#lift(drag);
    }
    event.preventDefault();
    this.#request();
  };

  readonly #onUp = (event: PointerEvent): void => {
    const drag = this.#drag;
    if (!drag || event.pointerId !== drag.pointerId) return;
    if (drag.floating) this.#tick();
    const { target } = drag;
    const wasLifted = drag.floating !== null;
    this.#end();
    if (wasLifted) swallowClick();
    if (wasLifted && target) this.#ports.drop(target);
  };

  readonly #onCancel = (): void => this.#end();

  readonly #onKey = (event: KeyboardEvent): void => {
    if (event.key !== 'Escape' || !this.#drag?.floating) return;
    event.stopPropagation();
    this.#end();
  };

  #lift(drag: Drag): void {
    const floating = box('floating');
    floating.textContent = drag.visit.customerName;
    floating.style.width = `${drag.widthPx}px`;
    drag.floating = floating;
    drag.tip = box('drag-tip');
    drag.shield = this.#newShield();
    drag.place = new DropPlace(this.#board, drag.visit.window);
    document.body.append(drag.shield, floating, drag.tip);
    for (const moved of [floating, drag.tip]) setAfloat(moved);
    this.#board.lift(drag.visit.jobId);
    this.#ports.lifted(drag.visit);
  }

  /** Lies over everything: with each move the browser would look among a thousand bars for the one beneath. */
  #newShield(): HTMLElement {
    const shield = box('drag-shield');
    const scroll = ({ deltaX, deltaY }: WheelEvent): void => {
      this.#board.scroller.scrollBy(deltaX, deltaY);
      this.#request();
    };
    shield.addEventListener('wheel', scroll, { passive: true });
    return shield;
  }

  #request(): void {
    if (!this.#frame) this.#frame = requestAnimationFrame(() => this.#tick());
  }

  #tick(): void {
    this.#frame = 0;
    const drag = this.#drag;
    if (!drag?.floating) return;
    this.#scrollAtEdge(drag);
    const before = drag.target;
    drag.target = this.#targetOf(drag);
    const isSame =
      before?.technicianId === drag.target?.technicianId && before?.startMs === drag.target?.startMs;
    if (!isSame && drag.target) this.#words.ask();
    else if (!isSame) this.#words.now();
    drag.place?.show(drag.target ? this.#board.rowIndex(drag.target.technicianId) : null);
    this.#moveFloating(drag);
  }

  #targetOf(drag: Drag): DropTarget | null {
    const { scroller, axis } = this.#board;
    const { left, top, right, bottom } = this.#bounds;
    const isOver =
      drag.clientX > left + NAME_WIDTH_PX &&
      drag.clientX < right &&
      drag.clientY > top &&
      drag.clientY < bottom;
    if (!isOver) return null;
    const y = drag.clientY - top - HEADER_HEIGHT_PX + scroller.scrollTop;
    const { lines } = this.#board;
    const technician = lines[rowAt(y, lines.length, ROW_HEIGHT_PX)];
    if (!technician) return null;
    const x = drag.clientX - drag.grabX - left - NAME_WIDTH_PX + scroller.scrollLeft;
    const startMs = snap(axis.ms(x), axis.startMs, drag.isFine ? FINE_SNAP_MIN : SNAP_MIN);
    return { visit: drag.visit, technicianId: technician.id, startMs };
  }

  /** Says what it would be to let go here. */
  #show(): void {
    const { target = null, tip, floating } = this.#drag ?? {};
    const said = target ? this.#ports.describe(target) : null;
    if (tip) tip.textContent = said?.text ?? '';
    tip?.classList.toggle('bad', said?.isBad ?? false);
    floating?.classList.toggle('bad', said?.isBad ?? false);
  }

  #moveFloating({ floating, tip, target, clientX, clientY, grabX }: Drag): void {
    const { scroller, axis } = this.#board;
    const x = target
      ? this.#bounds.left + NAME_WIDTH_PX + axis.x(target.startMs) - scroller.scrollLeft
      : clientX - grabX;
    const y = clientY - ROW_HEIGHT_PX / 2;
    if (floating) floating.style.transform = `translate(${x}px,${y}px)`;
    if (tip) tip.style.transform = `translate(${x}px,${y + ROW_HEIGHT_PX + 2}px)`;
  }

  #scrollAtEdge({ clientY, target }: Drag): void {
    if (!target) return;
    const step = edgeScroll(clientY, this.#bounds.top + HEADER_HEIGHT_PX, this.#bounds.bottom);
    if (step === 0) return;
    this.#board.scroller.scrollTop += step;
    this.#request();
  }

  #end(): void {
    const drag = this.#drag;
    if (!drag) return;
    this.#drag = null;
    this.#words.end();
    cancelAnimationFrame(this.#frame);
    this.#frame = 0;
    drag.floating?.remove();
    drag.tip?.remove();
    drag.shield?.remove();
    drag.place?.remove();
    this.#board.lift(null);
  }
}

/** The click that ends a drag must not also select what lies beneath. */
function swallowClick(): void {
  const stop = (event: Event): void => event.stopPropagation();
  window.addEventListener('click', stop, { capture: true, once: true });
  setTimeout(() => window.removeEventListener('click', stop, { capture: true }), 0);
}
