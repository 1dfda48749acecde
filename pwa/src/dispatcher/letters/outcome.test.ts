import { describe, expect, it } from 'vitest';
import { answerText, outcomeText } from './outcome.ts';
import type { Letter } from './wire.ts';

const letter = (fields: Partial<Letter>): Letter => ({
  id: 'l',
  created_at: '2026-11-23T01:00:00Z',
  sender: 'li@example.org',
  name: '李女士',
  subject: '报修',
  text: '漏水',
  files: [],
  is_owed: false,
  why: '',
  state: 'waiting',
  job_id: null,
  job_number: null,
  ...fields,
});

describe('what became of a letter', () => {
  it('has words for every state there is', () => {
    const said = ['joined', 'reported', 'refused', 'forgotten'].map((state) =>
      outcomeText(letter({ state })),
    );
    expect(new Set(said).size).toBe(4);
    expect(said.every((text) => text && !/[a-z_]{4,}/.test(text))).toBe(true);
  });

  it('tells why the office set it aside', () => {
    expect(outcomeText(letter({ state: 'dismissed', why: '广告' }))).toContain('广告');
  });

  it('sends somebody to the mailbox for what could not be taken in', () => {
    const said = ['too_large', 'bad_form', 'failed'].map((why) =>
      answerText(letter({ state: 'unreadable', why })),
    );
    expect(new Set(said).size).toBe(3);
    expect(said.every((text) => text.includes('邮箱'))).toBe(true);
  });

  it('tells apart an answer that left, one that is to leave and one that could not', () => {
    const said = [{}, { is_owed: true }, { why: '550 nobody' }].map((fields) => answerText(letter(fields)));
    expect(new Set(said).size).toBe(3);
    expect(said[2]).toContain('550 nobody');
  });
});
