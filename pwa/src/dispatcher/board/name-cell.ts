/**
 * The head of a row: whose it is, for which company, and how much there is to do. What is seen lies in a column of its
 * own; the row itself says the same to whoever listens.
 */

import type { Technician, Visit } from '../day/visit.ts';
import { box, NAME_WIDTH_PX, ROW_HEIGHT_PX, type RowContext } from './board-elements.ts';
import { topOnSheet } from './sheets.ts';
import { charWidths, FAMILY, fitted, widthIn } from './text-fit.ts';

/** What the swatch and the edges leave for words, and what a vendor's badge takes besides its own. */
const ROOM_PX = NAME_WIDTH_PX - 22 - 8 - 1;
const BADGE_EDGES_PX = 6 + 10;
/** With less room than this a badge would say nothing. */
const BADGE_LEAST_PX = 20;
const nameWidth = charWidths(13, 600, FAMILY);
const vendorWidth = charWidths(11, 500, FAMILY);
const loadWidth = charWidths(12, 400, FAMILY);

export class NameCell {
  readonly element = box('name');
  readonly spoken = document.createElement('span');
  readonly #swatch = box('swatch');
  readonly #name = document.createTextNode('');
  readonly #vendor = box('vendor');
  readonly #vendorText = document.createTextNode('');
  readonly #load = document.createTextNode('');
  #color = '';

  constructor() {
    this.spoken.setAttribute('role', 'rowheader');
    const person = box('person');
    this.#vendor.append(this.#vendorText);
    person.append(this.#name, this.#vendor);
    const load = box('load');
    load.append(this.#load);
    this.element.append(this.#swatch, person, load);
  }

  show(
    technician: Technician,
    visits: readonly Visit[],
    index: number,
    { words, colorOf }: RowContext,
  ): void {
    const { element } = this;
    const vendor = technician.vendorName ?? '';
    element.dataset.person = technician.id;
    const topPx = topOnSheet(index);
    // It takes no room from those below: a positioned one would be a layer, of which each is compared with all others.
    element.style.margin = `${topPx}px 0 ${1 - ROW_HEIGHT_PX - topPx}px`;
    this.#paint(colorOf(technician.id));
    const name = fitted(technician.name, ROOM_PX, nameWidth);
    say(this.#name, name);
    const todo = words.load(technician, visits);
    say(this.#load, fitted(todo, ROOM_PX, loadWidth));
    this.spoken.setAttribute('aria-label', [technician.name, vendor, todo].filter(Boolean).join(' · '));
    this.#showVendor(vendor, ROOM_PX - widthIn(name, nameWidth) - BADGE_EDGES_PX);
  }

  #showVendor(vendor: string, roomPx: number): void {
    const text = roomPx < BADGE_LEAST_PX ? '' : fitted(vendor, roomPx, vendorWidth);
    say(this.#vendorText, text);
    if (vendor !== this.#vendor.title) this.#vendor.title = vendor;
    this.#vendor.hidden = text === '';
  }

  #paint(color: string): void {
    if (color === this.#color) return;
    this.#color = color;
    this.#swatch.style.background = color;
  }
}

/** Writing what is there already would make the browser lay the text out anew. */
function say(text: Text, words: string): void {
  if (text.data !== words) text.data = words;
}
