import { expect, it } from 'vitest';
import en from './en.ts';
import zh from './zh-cn.ts';

it('says the same things in both languages', () => {
  expect(Object.keys(en).sort()).toEqual(Object.keys(zh).sort());
});

it('leaves nothing in Chinese on an English screen but the name of that language', () => {
  const chinese = Object.entries(en).filter(
    ([, text]) => typeof text === 'string' && /[\u4e00-\u9fff]/.test(text),
  );
  expect(chinese.map(([key]) => key)).toEqual(['common.language']);
});
