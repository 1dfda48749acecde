/** A technician's row: name, shift, travel, bars. Rows are few and are given another technician while one scrolls. */

import type { Span, Technician, Visit } from '../day/visit.ts';
import { Bar, HEIGHT_PX, TOP_PX } from './bar.ts';
import { box, NAME_WIDTH_PX, type Piece, Pieces, ROW_HEIGHT_PX, type RowContext } from './board-elements.ts';
import { across, extent } from './extent.ts';
import { lanes } from './lanes.ts';
import { NameCell } from './name-cell.ts';
import { topOnSheet } from './sheets.ts';
import type { TimeAxis } from './time-axis.ts';

/** What stands behind the bars ends where the line beneath the row begins. */
const INNER_HEIGHT_PX = ROW_HEIGHT_PX - 1;
const WAIT_TOP_PX = 21;
const WAIT_HEIGHT_PX = 2;

export class BoardRow {
  readonly element = box('row');
  readonly name = new NameCell();
  readonly #behind = new Pieces();
  readonly #bars: Bar[] = [];
  #place = '';
  #index = -1;
  #technicianId = '';

  constructor() {
    this.element.setAttribute('role', 'row');
    this.element.append(this.name.spoken, this.#behind.element);
  }

  get technicianId(): string {
    return this.#technicianId;
  }

  /** Shows a technician's day in line `index` of the board. */
  show(technician: Technician, index: number, context: RowContext): void {
    const { day, axis } = context;
    const visits = day.row(technician.id);
    if (technician.id !== this.#technicianId) this.element.dataset.technician = technician.id;
    this.#technicianId = technician.id;
    this.#lay(index, drives(visits, axis));
    this.name.show(technician, visits, index, context);
    this.#showBehind(technician, visits, context);
    this.#showBars(technician, visits, context);
  }

  /** Says anew which of its jobs are selected. */
  choose(isChosen: (jobId: string) => boolean): void {
    for (const bar of this.#bars) bar.choose(isChosen(bar.jobId ?? ''));
  }

  /** Lays a promise between what is behind and the bars. */
  mark(promise: HTMLElement): void {
    this.#behind.element.after(promise);
  }

  remove(): void {
    this.element.remove();
    this.name.element.remove();
  }

  #lay(index: number, drives: string): void {
    const place = `top:${topOnSheet(index)}px;background-image:${drives}`;
    if (place !== this.#place) this.element.style.cssText = place;
    if (index !== this.#index) this.element.setAttribute('aria-rowindex', String(index + 1));
    this.#place = place;
    this.#index = index;
  }

  #showBehind(technician: Technician, visits: readonly Visit[], context: RowContext): void {
    const { day, axis } = context;
    const ghosts = day.ghosts(technician.id).map((visit) => ghost(visit, axis));
    this.#behind.show([
      ...shading(technician, context),
      ...visits.flatMap((visit) => wait(visit, axis)),
      ...ghosts,
    ]);
    // Their words would else be written over the bars.
    this.#behind.element.classList.toggle('deep', ghosts.length > 0);
  }

  #showBars(technician: Technician, visits: readonly Visit[], context: RowContext): void {
    const laid = lanes(visits, spanOf);
    for (const gone of this.#bars.splice(laid.length)) gone.element.remove();
    laid.forEach((placed, at) => {
      const bar = this.#bars[at] ?? this.#newBar();
      bar.draw(placed, technician, context);
    });
  }

  #newBar(): Bar {
    const bar = new Bar();
    this.#bars.push(bar);
    this.element.append(bar.element);
    return bar;
  }
}

const spanOf = (visit: Visit): Span => visit.planned ?? { startMs: 0, endMs: 0 };

/** The drives between visits as one picture behind the row: a line that is drawn only where somebody drives. */
function drives(visits: readonly Visit[], axis: TimeAxis): string {
  const stops: string[] = [];
  for (const { planned } of visits) {
    if (!planned || planned.travelS <= 0) continue;
    const from = NAME_WIDTH_PX + axis.x(Math.max(planned.arriveMs - planned.travelS * 1000, axis.startMs));
    const to = NAME_WIDTH_PX + axis.x(planned.arriveMs);
    if (to > from) stops.push(segment(from, to));
  }
  return stops.length === 0
    ? 'none'
    : `linear-gradient(90deg,transparent 0,${stops.join(',')},transparent 0)`;
}

/** Colour from one place to another; a stop at 0 begins where the one before it ended. */
const segment = (from: number, to: number): string =>
  `transparent ${from.toFixed(1)}px,var(--line-strong) 0 ${to.toFixed(1)}px,transparent 0`;

/** The wait from arriving until the work may begin. */
function wait({ planned }: Visit, axis: TimeAxis): Piece[] {
  if (!planned || planned.startMs <= planned.arriveMs) return [];
  const from = axis.x(Math.max(planned.arriveMs, axis.startMs));
  return [
    { className: 'wait', place: across(from, axis.x(planned.startMs) - from, WAIT_TOP_PX, WAIT_HEIGHT_PX) },
  ];
}

/** Time off before and after the shift, and the stretch in which the break may lie. */
function shading({ shift, pause }: Technician, { axis, words }: RowContext): Piece[] {
  const shades = [shade('off', axis.startMs, shift ? Math.min(shift.startMs, axis.endMs) : axis.endMs, axis)];
  if (shift) shades.push(shade('off', Math.max(shift.endMs, axis.startMs), axis.endMs, axis));
  if (shift && pause) {
    const [from, to] = [Math.max(pause.startMs, axis.startMs), Math.min(pause.endMs, axis.endMs)];
    shades.push(shade('pause', from, to, axis).map((piece) => ({ ...piece, title: words.pause })));
  }
  return shades.flat();
}

function shade(kind: string, startMs: number, endMs: number, axis: TimeAxis): Piece[] {
  if (endMs <= startMs) return [];
  const place = across(axis.x(startMs), axis.x(endMs) - axis.x(startMs), 0, INNER_HEIGHT_PX);
  return [{ className: `shade ${kind}`, place }];
}

function ghost(visit: Visit, axis: TimeAxis): Piece {
  return {
    className: 'ghost',
    place: across(...extent(visit, axis), TOP_PX, HEIGHT_PX),
    text: visit.customerName,
  };
}

/** The promise made to the customer, drawn in a row while its visit is selected or dragged. */
export function windowMark(window: Span, axis: TimeAxis): HTMLElement {
  const mark = box('promise');
  mark.setAttribute('aria-hidden', 'true');
  const from = axis.x(Math.max(window.startMs, axis.startMs));
  const widthPx = axis.x(Math.min(window.endMs, axis.endMs)) - from;
  mark.style.cssText = across(from, widthPx, 0, INNER_HEIGHT_PX);
  return mark;
}
