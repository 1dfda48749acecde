import { describe, expect, it } from 'vitest';
import { windowsOf, windowsText } from './windows.ts';

describe('windows as they are typed', () => {
  it('reads what it writes, and the ways people write it', () => {
    const windows: [number, number][] = [
      [9, 11],
      [13, 17],
    ];
    expect(windowsOf(windowsText(windows))).toEqual(windows);
    expect(windowsOf(' 9:00–11:00 \n\n13至17')).toEqual(windows);
  });

  it('takes nothing that is no window', () => {
    for (const text of ['', '9', '11-9', '9-25', '9-11\nlater']) expect(windowsOf(text)).toBeNull();
  });
});
