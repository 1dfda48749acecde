import { describe, expect, it } from 'vitest';
import { ROW_HEIGHT_PX } from './board-elements.ts';
import { sheetOf, sheetPlaces, topOnSheet } from './sheets.ts';

describe('the sheets of a board', () => {
  it('hold every line at its place', () => {
    const places = sheetPlaces(47);
    for (let line = 0; line < 47; line += 1) {
      const { topPx, heightPx } = places[sheetOf(line)] ?? { topPx: -1, heightPx: 0 };
      expect(topPx + topOnSheet(line)).toBe(line * ROW_HEIGHT_PX);
      expect(topOnSheet(line) + ROW_HEIGHT_PX).toBeLessThanOrEqual(heightPx);
    }
  });

  it('end with the last line, so that the board is not higher than its rows', () => {
    const last = sheetPlaces(47).at(-1);
    expect((last?.topPx ?? 0) + (last?.heightPx ?? 0)).toBe(47 * ROW_HEIGHT_PX);
  });

  it('are none for nobody', () => expect(sheetPlaces(0)).toEqual([]));
});
