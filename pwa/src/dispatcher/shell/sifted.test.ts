import { describe, expect, it } from 'vitest';
import { sifted } from './sifted.ts';

const ALL = ['Ann Lee 13800000001', 'Bo 13800000002', '李安 １３８', 'Ann Bo'];
const self = (text: string): string => text;

describe('a long list', () => {
  it('is shown a part at a time, and tells how long it is', () => {
    expect(sifted(ALL, '', 2, self)).toEqual({ shown: ALL.slice(0, 2), found: 4 });
  });

  it('is searched to its end, for every word in any order and form', () => {
    expect(sifted(ALL, ' bo ANN ', 1, self)).toEqual({ shown: ['Ann Bo'], found: 1 });
    expect(sifted(ALL, '138', 1, self)).toEqual({ shown: [ALL[0]], found: 3 });
    expect(sifted(ALL, 'nobody', 1, self)).toEqual({ shown: [], found: 0 });
  });
});
