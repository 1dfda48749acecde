/** Dragging a visit through the week: where the pointer is, and which cell lies beneath it. */

import { edgeScroll } from '../board/row-window.ts';
import type { Cell } from './verdict.ts';

const START_AFTER_PX = 4;

export interface WeekDragPorts {
  /** The table's scroller; its cells bear `data-person` and `data-on`. */
  scroller(): HTMLElement | undefined;
  /** The pointer has moved far enough: it is a drag, not a click. */
  begin(): void;
  over(cell: Cell | null, x: number, y: number): void;
  drop(): void;
  cancel(): void;
}

export function cellOf(element: Element | null): Cell | null {
  const { person, on } = element?.closest<HTMLElement>('[data-on]')?.dataset ?? {};
  return on === undefined ? null : { technicianId: person || null, day: on };
}

export class WeekDrag {
  #from: { id: number; x: number; y: number; ports: WeekDragPorts } | null = null;
  #isLifted = false;
  #frame = 0;
  #at = { x: 0, y: 0 };

  start(event: PointerEvent, ports: WeekDragPorts): void {
    if (event.button !== 0 || !event.isPrimary) return;
    this.end();
    this.#from = { id: event.pointerId, x: event.clientX, y: event.clientY, ports };
    window.addEventListener('pointermove', this.#onMove);
    window.addEventListener('pointerup', this.#onUp);
    window.addEventListener('pointercancel', this.#onCancel);
  }

  end(): void {
    window.removeEventListener('pointermove', this.#onMove);
    window.removeEventListener('pointerup', this.#onUp);
    window.removeEventListener('pointercancel', this.#onCancel);
    cancelAnimationFrame(this.#frame);
    document.documentElement.classList.remove('dragging');
    this.#from = null;
    this.#isLifted = false;
  }

  readonly #onMove = (event: PointerEvent): void => {
    const from = this.#from;
    if (!from || event.pointerId !== from.id) return;
    this.#at = { x: event.clientX, y: event.clientY };
    if (!this.#isLifted && Math.hypot(event.clientX - from.x, event.clientY - from.y) < START_AFTER_PX)
      return;
    event.preventDefault();
    if (!this.#isLifted) {
      this.#isLifted = true;
      document.documentElement.classList.add('dragging');
      from.ports.begin();
    }
    cancelAnimationFrame(this.#frame);
    this.#frame = requestAnimationFrame(this.#tick);
  };

  readonly #tick = (): void => {
    const from = this.#from;
    if (!from || !this.#isLifted) return;
    const { x, y } = this.#at;
    from.ports.over(cellOf(document.elementFromPoint(x, y)), x, y);
    const scroller = from.ports.scroller();
    if (!scroller) return;
    const { top, bottom } = scroller.getBoundingClientRect();
    const step = edgeScroll(y, top, bottom);
    if (step === 0) return;
    scroller.scrollTop += step;
    this.#frame = requestAnimationFrame(this.#tick);
  };

  readonly #onUp = (event: PointerEvent): void => {
    const from = this.#from;
    if (!from || event.pointerId !== from.id) return;
    const wasLifted = this.#isLifted;
    if (wasLifted) {
      this.#tick();
      swallowClick();
    }
    this.end();
    if (wasLifted) from.ports.drop();
  };

  readonly #onCancel = (): void => {
    const ports = this.#from?.ports;
    this.end();
    ports?.cancel();
  };
}

/** The click that ends a drag must not also open what lies beneath. */
function swallowClick(): void {
  const stop = (event: Event): void => event.stopPropagation();
  window.addEventListener('click', stop, { capture: true, once: true });
  setTimeout(() => window.removeEventListener('click', stop, { capture: true }), 0);
}
