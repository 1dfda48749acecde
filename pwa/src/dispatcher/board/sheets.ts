/**
 * A board is many sheets of a few rows: what a change costs the browser is that of everything painted together with it.
 * The names have sheets of their own, beside them in the column that stays in sight.
 */

import { box, ROW_HEIGHT_PX } from './board-elements.ts';

const ROWS_A_SHEET = 20;

export interface Sheet {
  readonly rows: HTMLElement;
  readonly names: HTMLElement;
}

/** Which sheet a line of the board lies on. */
export const sheetOf = (line: number): number => Math.floor(line / ROWS_A_SHEET);

/** How far below the upper edge of its sheet a line begins. */
export const topOnSheet = (line: number): number => (line % ROWS_A_SHEET) * ROW_HEIGHT_PX;

interface Place {
  readonly topPx: number;
  readonly heightPx: number;
}

/** Where the sheets for so many lines lie; the last one ends with the last line. */
export function sheetPlaces(lineCount: number): Place[] {
  return Array.from({ length: Math.ceil(lineCount / ROWS_A_SHEET) }, (_, at) => {
    const first = at * ROWS_A_SHEET;
    const lines = Math.min(ROWS_A_SHEET, lineCount - first);
    return { topPx: first * ROW_HEIGHT_PX, heightPx: lines * ROW_HEIGHT_PX };
  });
}

/** Empty sheets for so many lines. */
export const newSheets = (lineCount: number): Sheet[] =>
  sheetPlaces(lineCount).map((place) => ({
    rows: newSheet('sheet', place),
    names: newSheet('name-sheet', place),
  }));

function newSheet(className: string, { topPx, heightPx }: Place): HTMLElement {
  const sheet = box(className);
  sheet.setAttribute('role', 'presentation');
  sheet.style.cssText = `top:${topPx}px;height:${heightPx}px`;
  return sheet;
}
