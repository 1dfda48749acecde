/** One visit on the board: a single element with two lines, changed only where what it shows differs. */

import { cssName } from '../../ui/display-state.ts';
import { objections } from '../day/fit.ts';
import { isMadeOfSame } from '../day/is-same.ts';
import type { Technician, Visit } from '../day/visit.ts';
import { visitState } from '../day/visit-state.ts';
import type { RowContext } from './board-elements.ts';
import { across, extent } from './extent.ts';
import type { Laned } from './lanes.ts';
import { charWidths, FAMILY, fitted } from './text-fit.ts';

export const TOP_PX = 3;
export const HEIGHT_PX = 37;
/** Narrower than this a bar has no room for its word beside the icon; the label and the card still say it. */
const WORDLESS_PX = 52;
const NARROW_PX = 76;

/** What the border and the padding of a bar take from its text, and the icon from the first line. */
const EDGES_PX = 14;
const NARROW_EDGES_PX = 8;
const ICON_PX = 17;
const NARROW_ICON_PX = 13;
const NARROW_SCALE = 11 / 12;

const plainWidth = charWidths(12, 400, FAMILY);
const boldWidth = charWidths(12, 700, FAMILY);

interface BarLook {
  readonly jobId: string;
  readonly className: string;
  /** Where it lies in its row, as declarations. */
  readonly place: string;
  /** What is seen: the state's word where it has room, and below it whom it is for. */
  readonly word: string;
  readonly who: string;
  readonly label: string;
  readonly isLocked: boolean;
}

export const barId = (jobId: string): string => `bar-${jobId}`;

export class Bar {
  readonly element = document.createElement('div');
  readonly #lock = document.createElement('span');
  #basis: readonly unknown[] = [];
  #look: BarLook | null = null;
  #isChosen: boolean | null = null;

  constructor() {
    this.element.setAttribute('role', 'gridcell');
    this.#lock.className = 'lock';
  }

  get jobId(): string | null {
    return this.#look?.jobId ?? null;
  }

  /** Works out its look only where something that it is made from is another. */
  draw(placed: Laned<Visit>, technician: Technician, context: RowContext): void {
    const basis = basisOf(placed, technician, context);
    if (!isMadeOfSame(basis, this.#basis)) this.#show(barLook(placed, technician, context));
    this.#basis = basis;
    this.choose(context.isChosen(placed.item.jobId));
  }

  #show(look: BarLook): void {
    const { element } = this;
    const before = this.#look;
    this.#look = look;
    if (before?.jobId !== look.jobId) {
      element.id = barId(look.jobId);
      element.dataset.job = look.jobId;
    }
    if (before?.className !== look.className) element.className = look.className;
    if (before?.place !== look.place) element.style.cssText = look.place;
    // Shown by the style: cut to fit, it is no words to be read out or compared with the label.
    if (before?.word !== look.word) element.dataset.word = look.word;
    if (before?.who !== look.who) element.dataset.who = look.who;
    if (before?.label !== look.label) element.setAttribute('aria-label', look.label);
    if (look.isLocked) element.append(this.#lock);
    else this.#lock.remove();
  }

  /** Whether it is selected, alone or with others. */
  choose(isChosen: boolean): void {
    if (isChosen === this.#isChosen) return;
    this.#isChosen = isChosen;
    this.element.setAttribute('aria-selected', String(isChosen));
  }
}

/** Everything that `barLook` reads. */
function basisOf(
  { item, lane, lanes }: Laned<Visit>,
  technician: Technician,
  { axis, day, words, liftedJobId }: RowContext,
): readonly unknown[] {
  const { jobId } = item;
  const marks = [day.isAside?.(jobId), day.isTouched(jobId), jobId === liftedJobId];
  return [item, lane, lanes, technician, axis, words, ...marks];
}

function barLook(
  { item: visit, lane, lanes }: Laned<Visit>,
  technician: Technician,
  { axis, day, words, liftedJobId }: RowContext,
): BarLook {
  const [leftPx, widthPx] = extent(visit, axis);
  const heightPx = HEIGHT_PX / lanes;
  const isLow = lanes > 1;
  const isWordless = isLow || widthPx < WORDLESS_PX;
  const word = words.state(visit);
  const who = [visit.customerName, visit.community].filter(Boolean).join(' · ');
  const isLocked = visit.lockTechnician || visit.lockTime;
  const classes = {
    low: isLow,
    narrow: widthPx < NARROW_PX,
    wordless: isWordless,
    aside: day.isAside?.(visit.jobId),
    struck: visit.status === 'cancelled',
    touched: day.isTouched(visit.jobId),
    misses: breaksWindow(visit, technician),
    lifted: visit.jobId === liftedJobId,
    locked: isLocked,
  };
  return {
    jobId: visit.jobId,
    className: `bar ${cssName(visitState(visit))}${namesOf(classes)}`,
    place: across(leftPx, widthPx, TOP_PX + lane * heightPx, isLow ? heightPx - 1 : HEIGHT_PX),
    word: isWordless ? '' : firstLine(word, widthPx),
    who: secondLine(who, widthPx, isLow ? ICON_PX : 0),
    // What is seen comes first and in the same words, so that who speaks to the computer can name it.
    label: [word, who, words.details(visit)].join(' '),
    isLocked,
  };
}

const roomPx = (widthPx: number, scale: number): number =>
  (widthPx - (scale === 1 ? EDGES_PX : NARROW_EDGES_PX)) / scale;

const scaleOf = (widthPx: number): number => (widthPx < NARROW_PX ? NARROW_SCALE : 1);

function firstLine(word: string, widthPx: number): string {
  const scale = scaleOf(widthPx);
  return fitted(word, roomPx(widthPx, scale) - (scale === 1 ? ICON_PX : NARROW_ICON_PX) / scale, boldWidth);
}

function secondLine(who: string, widthPx: number, indentPx: number): string {
  const scale = scaleOf(widthPx);
  return fitted(who, roomPx(widthPx, scale) - indentPx / scale, plainWidth);
}

const namesOf = (classes: Readonly<Record<string, boolean | undefined>>): string =>
  Object.keys(classes)
    .filter((name) => classes[name])
    .map((name) => ` ${name}`)
    .join('');

const breaksWindow = (visit: Visit, technician: Technician): boolean =>
  visit.planned !== null &&
  objections(visit, { technicianId: technician.id, planned: visit.planned }, technician, []).some(
    ({ code }) => code === 'window_missed' || code === 'too_early',
  );
