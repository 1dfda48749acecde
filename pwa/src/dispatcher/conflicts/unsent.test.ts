import { describe, expect, it } from 'vitest';
import { readUnsent } from './unsent.ts';

const exported = {
  format: 'shangmen-unsent-work',
  v: 1,
  exported_at: '2026-11-22T08:00:00Z',
  technician: { id: 't', name: '王建国' },
  operations: [{ kind: 'arrive' }, { kind: 'photo' }, { kind: 'photo' }],
  quarantined: [{}],
  files: [{ sha256: 'a' }],
};

describe('the file a phone exported', () => {
  it('is counted by kind, the most frequent first', () => {
    const seen = readUnsent(JSON.stringify(exported));
    expect(seen?.kinds).toEqual([
      ['photo', 2],
      ['arrive', 1],
    ]);
    expect([seen?.name, seen?.operations, seen?.files, seen?.quarantined]).toEqual(['王建国', 3, 1, 1]);
    expect(seen?.work).toEqual(exported);
  });

  it.each(['', 'null', '[]', '{"format":"other","operations":[]}', '{"format":"shangmen-unsent-work"}'])(
    'is refused when it is something else: %s',
    (text) => expect(readUnsent(text)).toBeNull(),
  );
});
