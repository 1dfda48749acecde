import { expect, it } from 'vitest';
import type { VanPart } from '../../api/types.ts';
import { texts } from '../i18n/texts.ts';
import { nameOfSku } from './part-name.ts';

const van = [
  { sku: 'PIPE', name: '铜管', name_en: 'Copper pipe' },
  { sku: 'TAPE', name: '胶带', name_en: '' },
] as VanPart[];

it('names parts in the language of the app, in Chinese where there is no other name', async () => {
  const named = () => ['PIPE', 'TAPE', 'UNKNOWN'].map((sku) => nameOfSku(van, sku));
  await texts.use('en');
  expect(named()).toEqual(['Copper pipe', '胶带', null]);
  await texts.use('zh-CN');
  expect(named()).toEqual(['铜管', '胶带', null]);
});
