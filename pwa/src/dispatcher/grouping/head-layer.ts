/** The heads of groups over the board's rows: each stays in sight while its rows are scrolled by. */

import { ROW_HEIGHT_PX } from '../board/board-elements.ts';
import type { Group } from './groups.ts';
import './heads.css';

export interface HeadWords {
  name(group: Group): string;
  load(group: Group): string;
}

export class HeadLayer {
  readonly element = document.createElement('div');
  readonly #blocks = new Map<string, HTMLElement>();

  constructor(onfold: (groupId: string) => void) {
    this.element.className = 'heads';
    this.element.setAttribute('role', 'presentation');
    this.element.addEventListener('click', (event) => {
      const button = (event.target as Element).closest<HTMLElement>('button');
      if (button) this.#fold(button, onfold);
    });
    // A head is a button; the board's own keys would take Enter from it.
    this.element.addEventListener('keydown', (event) => {
      if (event.key === 'Enter' || event.key === ' ') event.stopPropagation();
    });
  }

  /** Lays one head over the first line of each group; the elements of groups that stay are kept, and the focus. */
  draw(groups: readonly Group[], folded: ReadonlySet<string>, words: HeadWords): void {
    const blocks = groups.map((group) => this.#block(group, folded.has(group.id), words));
    const known = new Set(groups.map(({ id }) => id));
    for (const id of [...this.#blocks.keys()]) if (!known.has(id)) this.#blocks.delete(id);
    const isSame =
      blocks.length === this.element.children.length &&
      blocks.every((block, index) => this.element.children[index] === block);
    if (!isSame) this.element.replaceChildren(...blocks);
  }

  /** The board is drawn anew, which would drop the focus. */
  #fold(button: HTMLElement, onfold: (groupId: string) => void): void {
    const hadFocus = document.activeElement === button;
    onfold(button.dataset.group ?? '');
    if (hadFocus) requestAnimationFrame(() => button.focus({ preventScroll: true }));
  }

  #block(group: Group, isFolded: boolean, words: HeadWords): HTMLElement {
    const block = this.#blocks.get(group.id) ?? newBlock(group.id);
    this.#blocks.set(group.id, block);
    block.style.height = `${(isFolded ? 1 : group.technicians.length + 1) * ROW_HEIGHT_PX}px`;
    const button = block.querySelector('button');
    button?.setAttribute('aria-expanded', String(!isFolded));
    const [name, load] = button?.querySelectorAll('span') ?? [];
    if (name) name.textContent = words.name(group);
    if (load) load.textContent = words.load(group);
    const share = group.shiftMs === 0 ? 0 : Math.min(1, group.workMs / group.shiftMs);
    block.style.setProperty('--share', `${Math.round(share * 100)}%`);
    return block;
  }
}

function newBlock(groupId: string): HTMLElement {
  const block = document.createElement('div');
  block.className = 'group';
  block.setAttribute('role', 'presentation');
  const head = document.createElement('div');
  head.className = 'group-head';
  head.setAttribute('role', 'row');
  const cell = document.createElement('div');
  cell.setAttribute('role', 'rowheader');
  const button = document.createElement('button');
  button.type = 'button';
  button.dataset.group = groupId;
  button.append(document.createElement('span'), document.createElement('span'));
  cell.append(button);
  head.append(cell);
  block.append(head);
  return block;
}
