import { describe, expect, it } from 'vitest';
import { texts, word } from '../i18n/texts.svelte.ts';

describe('what a hit was found by', () => {
  it('is said in Chinese', async () => {
    await texts.use('zh-CN');
    const kinds = ['number', 'order', 'serial', 'phone', 'name', 'address'];
    expect(kinds.map((kind) => word('palette.by', kind))).toEqual([
      '单号',
      '订单号',
      '序列号',
      '电话',
      '姓名',
      '地址',
    ]);
  });
});
