/** Builds the DOM of one row: name, shift, travel, bars. No framework, so that a row costs well under a millisecond. */

import { cssName } from '../../ui/display-state.ts';
import type { DaySource } from '../day/day-source.ts';
import { objections } from '../day/fit.ts';
import type { Span, Technician, Visit } from '../day/visit.ts';
import { visitState } from '../day/visit-state.ts';
import type { BoardWords } from './board-words.ts';
import { lanes } from './lanes.ts';
import type { TimeAxis } from './time-axis.ts';

export const ROW_HEIGHT_PX = 44;
export const NAME_WIDTH_PX = 152;
const BAR_TOP_PX = 3;
const BAR_HEIGHT_PX = 37;
const MIN_BAR_PX = 20;
/** Narrower than this a bar has no room for its word beside the icon; the label and the card still say it. */
const WORDLESS_PX = 52;
const NARROW_PX = 76;

export interface RowContext {
  readonly day: DaySource;
  readonly axis: TimeAxis;
  readonly words: BoardWords;
  readonly colorOf: (technicianId: string) => string;
  readonly selectedJobId: string | null;
  readonly isPicked: (jobId: string) => boolean;
}

export const barId = (jobId: string): string => `bar-${jobId}`;

function box(className: string, text = ''): HTMLDivElement {
  const element = document.createElement('div');
  element.className = className;
  if (text) element.textContent = text;
  return element;
}

export function rowElement(technician: Technician, index: number, context: RowContext): HTMLElement {
  const row = box('row');
  row.setAttribute('role', 'row');
  row.setAttribute('aria-rowindex', String(index + 1));
  row.dataset.technician = technician.id;
  row.style.top = `${index * ROW_HEIGHT_PX}px`;
  const visits = context.day.row(technician.id);
  row.append(nameCell(technician, visits, context), ...shading(technician, context));
  for (const ghost of context.day.ghosts(technician.id)) row.append(ghostElement(ghost, context));
  const laid = lanes(visits, spanOf);
  // In the order they lie over one another, which spares each bar a layer of its own.
  for (const { item } of laid) row.append(...travelElements(item, context));
  for (const { item, lane, lanes: count } of laid)
    row.append(barElement(item, technician, { lane, count }, context));
  return row;
}

const spanOf = (visit: Visit): Span => visit.planned ?? { startMs: 0, endMs: 0 };

function nameCell(
  technician: Technician,
  visits: readonly Visit[],
  { words, colorOf }: RowContext,
): HTMLElement {
  const cell = box('name');
  cell.setAttribute('role', 'rowheader');
  const swatch = box('swatch');
  swatch.style.background = colorOf(technician.id);
  const name = box('person', technician.name);
  if (technician.vendorName)
    name.append(Object.assign(box('vendor', technician.vendorName), { title: technician.vendorName }));
  cell.append(swatch, name, box('load', words.load(technician, visits)));
  return cell;
}

/** Time off before and after the shift, and the stretch in which the break may lie. */
function shading({ shift, pause }: Technician, { axis, words }: RowContext): HTMLElement[] {
  const shades: HTMLElement[] = [];
  const shade = (className: string, startMs: number, endMs: number): HTMLElement | null => {
    if (endMs <= startMs) return null;
    const element = box(`shade ${className}`);
    element.setAttribute('aria-hidden', 'true');
    stretch(element, axis.x(startMs), axis.x(endMs));
    shades.push(element);
    return element;
  };
  shade('off', axis.startMs, shift ? Math.min(shift.startMs, axis.endMs) : axis.endMs);
  if (shift) shade('off', Math.max(shift.endMs, axis.startMs), axis.endMs);
  if (shift && pause) {
    const element = shade('pause', Math.max(pause.startMs, axis.startMs), Math.min(pause.endMs, axis.endMs));
    if (element) element.title = words.pause;
  }
  return shades;
}

function stretch(element: HTMLElement, fromX: number, toX: number): void {
  element.style.left = `${NAME_WIDTH_PX + fromX}px`;
  element.style.width = `${Math.max(0, toX - fromX)}px`;
}

/** The drive to a visit, and the wait from arriving until the work may begin. */
function travelElements({ planned }: Visit, { axis }: RowContext): HTMLElement[] {
  if (!planned) return [];
  const parts: [string, number, number][] = [
    ['drive', planned.arriveMs - planned.travelS * 1000, planned.arriveMs],
    ['wait', planned.arriveMs, planned.startMs],
  ];
  return parts
    .filter(([, from, to]) => to > from)
    .map(([className, from, to]) => {
      const line = box(`leg ${className}`);
      line.setAttribute('aria-hidden', 'true');
      stretch(line, axis.x(Math.max(from, axis.startMs)), axis.x(to));
      return line;
    });
}

function barElement(
  visit: Visit,
  technician: Technician,
  { lane, count }: { lane: number; count: number },
  context: RowContext,
): HTMLElement {
  const { axis, day, words, selectedJobId, isPicked } = context;
  const bar = box(`bar ${cssName(visitState(visit))}`);
  bar.id = barId(visit.jobId);
  bar.dataset.job = visit.jobId;
  bar.setAttribute('role', 'gridcell');
  bar.setAttribute('aria-selected', String(visit.jobId === selectedJobId || isPicked(visit.jobId)));
  if (day.isAside?.(visit.jobId)) bar.classList.add('aside');
  if (visit.status === 'cancelled') bar.classList.add('struck');
  if (day.isTouched(visit.jobId)) bar.classList.add('touched');
  if (breaksWindow(visit, technician)) bar.classList.add('misses');
  placeBar(bar, visit, axis);
  const height = BAR_HEIGHT_PX / count;
  bar.style.top = `${BAR_TOP_PX + lane * height}px`;
  if (count > 1) {
    bar.classList.add('low');
    bar.style.height = `${height - 1}px`;
  }
  const state = words.state(visit);
  const who = [visit.customerName, visit.community].filter(Boolean).join(' · ');
  bar.append(span('word', state), '\n', span('who', who));
  if (visit.lockTechnician || visit.lockTime) bar.append(span('lock', ''));
  // What is seen comes first and in the same words, so that who speaks to the computer can name it.
  bar.setAttribute('aria-label', [state, who, words.details(visit)].join(' '));
  return bar;
}

function span(className: string, text: string): HTMLSpanElement {
  const element = document.createElement('span');
  element.className = className;
  element.textContent = text;
  return element;
}

const breaksWindow = (visit: Visit, technician: Technician): boolean =>
  visit.planned !== null &&
  objections(visit, { technicianId: technician.id, planned: visit.planned }, technician, []).some(
    ({ code }) => code === 'window_missed' || code === 'too_early',
  );

export function placeBar(bar: HTMLElement, { planned }: Visit, axis: TimeAxis): void {
  if (!planned) return;
  const left = axis.x(planned.startMs);
  bar.style.left = `${NAME_WIDTH_PX + left}px`;
  const widthPx = Math.max(MIN_BAR_PX, axis.x(planned.endMs) - left - 1);
  bar.style.width = `${widthPx}px`;
  bar.classList.toggle('narrow', widthPx < NARROW_PX);
  bar.classList.toggle('wordless', widthPx < WORDLESS_PX);
}

function ghostElement(visit: Visit, { axis }: RowContext): HTMLElement {
  const ghost = box('ghost', visit.customerName);
  ghost.setAttribute('aria-hidden', 'true');
  placeBar(ghost, visit, axis);
  return ghost;
}

/** The promise made to the customer, drawn in a row while its visit is selected or dragged. */
export function windowMark(window: Span, axis: TimeAxis): HTMLElement {
  const mark = box('promise');
  mark.setAttribute('aria-hidden', 'true');
  stretch(mark, axis.x(Math.max(window.startMs, axis.startMs)), axis.x(Math.min(window.endMs, axis.endMs)));
  return mark;
}
