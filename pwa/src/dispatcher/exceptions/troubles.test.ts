import { beforeAll, describe, expect, it } from 'vitest';
import { ZoneClock } from '../day/zone-clock.ts';
import { texts } from '../i18n/texts.svelte.ts';
import { isMild, measureText, troublesOf } from './troubles.ts';
import type { Exception } from './wire.ts';

const clock = new ZoneClock('Asia/Shanghai');
const exception = (kind: string, job_id: string, more: Partial<Exception> = {}): Exception => ({
  kind,
  job_id,
  number: job_id.toUpperCase(),
  technician_id: 'wang',
  minutes: null,
  due_at: null,
  ...more,
});

describe('exceptions', () => {
  beforeAll(() => texts.use('en'));

  it('are one card per job, and one for everything of somebody who is not there', () => {
    const cards = troublesOf([
      exception('late', 'j1', { minutes: 12 }),
      exception('off_duty', 'j2'),
      exception('off_duty', 'j3'),
      exception('overrun', 'j1', { minutes: 20 }),
    ]);
    expect(cards.map(({ kinds, jobIds }) => [kinds, jobIds])).toEqual([
      [['late', 'overrun'], ['j1']],
      [['off_duty'], ['j2', 'j3']],
    ]);
    expect(cards.map((card) => measureText(card, clock))).toEqual(['12 min late', '2 jobs']);
  });

  it('tell the limit that ends, or since when it is broken', () => {
    const due_at = '2026-11-23T03:30:00Z';
    const texts_ = [null, 5].map((minutes) => {
      const [card] = troublesOf([exception('sla', 'j1', { minutes, due_at, technician_id: null })]);
      return card ? measureText(card, clock) : '';
    });
    expect(texts_).toEqual(['by 11:30', '11:30, 5 min ago']);
  });

  it('are mild while all of a card may still be saved', () => {
    const [risk, late] = troublesOf([exception('at_risk', 'j1'), exception('late', 'j2')]);
    expect([risk && isMild(risk), late && isMild(late)]).toEqual([true, false]);
  });
});
