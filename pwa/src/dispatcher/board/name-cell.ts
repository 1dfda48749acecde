/**
 * The head of a row: whose it is, for which company, and how much there is to do. What is seen lies in a column of its
 * own; the row itself says the same to whoever listens.
 */

import type { Technician, Visit } from '../day/visit.ts';
import { box, ROW_HEIGHT_PX, type RowContext } from './board-elements.ts';

export class NameCell {
  readonly element = box('name');
  readonly spoken = document.createElement('span');
  readonly #swatch = box('swatch');
  readonly #name = document.createTextNode('');
  readonly #vendor = box('vendor');
  readonly #load = document.createTextNode('');
  #color = '';

  constructor() {
    this.spoken.setAttribute('role', 'rowheader');
    const person = box('person');
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
    element.style.top = `${index * ROW_HEIGHT_PX}px`;
    this.#paint(colorOf(technician.id));
    say(this.#name, technician.name);
    const todo = words.load(technician, visits);
    say(this.#load, todo);
    this.spoken.setAttribute('aria-label', [technician.name, vendor, todo].filter(Boolean).join(' · '));
    if (vendor !== this.#vendor.title) this.#vendor.title = this.#vendor.textContent = vendor;
    this.#vendor.hidden = vendor === '';
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
