/** What the board's parts share: sizes, what a row is drawn from, and plain pieces behind the bars. */

import type { DaySource } from '../day/day-source.ts';
import type { BoardWords } from './board-words.ts';
import type { TimeAxis } from './time-axis.ts';

export const ROW_HEIGHT_PX = 44;
export const NAME_WIDTH_PX = 152;

export interface RowContext {
  readonly day: DaySource;
  readonly axis: TimeAxis;
  readonly words: BoardWords;
  readonly colorOf: (technicianId: string) => string;
  /** Whether a job is selected, alone or with others. */
  readonly isChosen: (jobId: string) => boolean;
  /** The job whose bar is being dragged. */
  readonly liftedJobId: string | null;
}

export function box(className: string): HTMLDivElement {
  const element = document.createElement('div');
  element.className = className;
  return element;
}

/** Something behind the bars that is only looked at: a shade, a wait, a visit's place before a draft. */
export interface Piece {
  readonly className: string;
  readonly place: string;
  readonly text?: string;
  readonly title?: string;
}

/** Elements for pieces, which are changed rather than made anew. */
export class Pieces {
  readonly element = box('behind');
  #shown: readonly Piece[] = [];

  constructor() {
    this.element.setAttribute('aria-hidden', 'true');
  }

  show(pieces: readonly Piece[]): void {
    const { children } = this.element;
    while (children.length > pieces.length) children[children.length - 1]?.remove();
    while (children.length < pieces.length) this.element.append(box(''));
    pieces.forEach((piece, at) => {
      const element = children[at] as HTMLElement;
      // An element added just now shows nothing yet.
      change(element, at < this.#shown.length ? this.#shown[at] : undefined, piece);
    });
    this.#shown = pieces;
  }
}

function change(element: HTMLElement, before: Piece | undefined, piece: Piece): void {
  if (before?.className !== piece.className) element.className = piece.className;
  if (before?.place !== piece.place) element.style.cssText = piece.place;
  if ((before?.text ?? '') !== (piece.text ?? '')) element.textContent = piece.text ?? '';
  if ((before?.title ?? '') !== (piece.title ?? '')) element.title = piece.title ?? '';
}
