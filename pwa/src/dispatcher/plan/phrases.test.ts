import { afterAll, beforeAll, expect, it } from 'vitest';
import { countIn } from '../../i18n/format.ts';
import { texts } from '../i18n/texts.svelte.ts';
import { say as ofMessages } from '../messages/words.ts';
import { say as ofRules } from '../replanning/words.ts';
import { say } from './words.ts';

beforeAll(() => texts.use('en'));
afterAll(() => countIn('CNY'));

it('names the currency that a price is typed in, which is the organisation’s', () => {
  const labels = () => [
    say('own.moved_fen'),
    ofRules('rules.most_money'),
    ofMessages('booking.late_charged'),
  ];
  expect(labels()).toEqual(['Announced time moved (¥)', 'Most it may cost per job (¥)', 'Possible, for (¥)']);
  countIn('EUR');
  expect(labels().map((label) => label.slice(-5))).toEqual(['(EUR)', '(EUR)', '(EUR)']);
});
