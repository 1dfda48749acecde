import { beforeAll, expect, it } from 'vitest';
import { texts } from '../i18n/texts.ts';
import { isOutOfRange, outOfRangeText, parseReading, unreadText } from './reading.ts';

beforeAll(() => texts.use('zh-CN'));

it.each([
  ['0.85', 0.85],
  [' 12 ', 12],
  ['-3,5', -3.5],
  ['1，2', 1.2],
  ['０．８５', 0.85],
  ['0,850', 0.85],
  ['1500,250', 1500.25],
  ['1,500', null],
  ['-12，500', null],
  ['1,500,000', null],
  ['1,500.5', null],
  ['', null],
  ['1.2.3', null],
  ['0x10', null],
  ['1e3', null],
  ['abc', null],
])('%j is read as %j', (text, value) => {
  expect(parseReading(text)).toBe(value);
});

it('asks which of two figures is meant where a comma may stand for either', () => {
  expect(unreadText(' 1，500 ')).toBe('是 1500 还是 1.500？请不要用逗号');
  expect(unreadText('abc')).toBe('请输入数字');
});

const step = { key: 'p', kind: 'reading', title: { zh: '压力', en: 'Pressure' }, required: true } as const;

it.each([
  [{ min: 0.4, max: 1.2 }, 0.4, false],
  [{ min: 0.4, max: 1.2 }, 1.3, true],
  [{ min: 0 }, -1, true],
  [{ max: 0 }, 1, true],
  [{ min: null, max: null }, 99, false],
])('with limits %j the reading %d is out of range: %j', (limits, value, isOut) => {
  expect(isOutOfRange({ ...step, ...limits }, value)).toBe(isOut);
});

it('names a way on that there is: to skip what may be left out, to report what may not', () => {
  expect(outOfRangeText(step)).toContain('遇到问题');
  expect(outOfRangeText({ ...step, required: false })).toContain('跳过');
});
