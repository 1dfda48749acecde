/**
 * The rows that exist. Whoever scrolls beyond them is given those that went out of sight, with other technicians in
 * them: what stays in the document costs the browser much less than what comes and goes.
 */

import { box } from './board-elements.ts';
import { BoardRow } from './board-row.ts';
import { farthestFirst, type RowWindow } from './row-window.ts';
import { newSheets, type Sheet, sheetOf } from './sheets.ts';

/** Rows beyond those wanted that may stay: in most frames one leaves at one end before one comes at the other. */
const SPARE_ROWS = 2;

export class BoardRows {
  /** The column of names, which stays in sight as a whole: a layer of its own for each name would cost every frame. */
  readonly names = box('names');
  readonly #shown = new Map<number, BoardRow>();
  readonly #idle: BoardRow[] = [];
  #sheets: readonly Sheet[] = [];

  constructor() {
    this.names.setAttribute('aria-hidden', 'true');
  }

  get all(): Iterable<BoardRow> {
    return this.#shown.values();
  }

  get indexes(): number[] {
    return [...this.#shown.keys()];
  }

  at(index: number): BoardRow | null {
    return this.#shown.get(index) ?? null;
  }

  /** Takes all rows out of the document and gives new sheets for so many lines, to be drawn on. */
  lay(lineCount: number): readonly HTMLElement[] {
    for (const index of [...this.#shown.keys()]) this.#putAway(index);
    this.#sheets = newSheets(lineCount);
    this.names.replaceChildren(...this.#sheets.map(({ names }) => names));
    return this.#sheets.map(({ rows }) => rows);
  }

  /** Draws these lines with rows that are not wanted any more, else with new ones. */
  draw(indexes: readonly number[], kept: RowWindow, show: (row: BoardRow, index: number) => void): void {
    const free = farthestFirst(this.#shown.keys(), kept);
    for (const index of indexes) {
      const row = this.#take(free.shift());
      show(row, index);
      this.#shown.set(index, row);
      const sheet = this.#sheets[sheetOf(index)];
      if (!sheet || row.element.parentNode === sheet.rows) continue;
      sheet.rows.append(row.element);
      sheet.names.append(row.name.element);
    }
    const most = kept.end - kept.first + SPARE_ROWS;
    for (const index of free.slice(0, Math.max(0, this.#shown.size - most))) this.#putAway(index);
  }

  #take(index: number | undefined): BoardRow {
    const row = index === undefined ? undefined : this.#shown.get(index);
    if (index === undefined || !row) return this.#idle.pop() ?? new BoardRow();
    this.#shown.delete(index);
    return row;
  }

  #putAway(index: number): void {
    const row = this.#take(index);
    row.remove();
    this.#idle.push(row);
  }
}
