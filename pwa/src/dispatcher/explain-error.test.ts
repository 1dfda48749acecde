import { beforeAll, expect, test } from 'vitest';
import { NetworkError } from '../api/problem.ts';
import { explainError, explainFailedRead } from './explain-error.ts';
import { texts } from './i18n/texts.svelte.ts';

beforeAll(() => texts.use('zh-CN'));

test('only of what was to be saved it is said that nothing was saved', () => {
  for (const error of [new NetworkError('gone'), new TypeError('odd')]) {
    expect(explainError(error)).toContain('没有保存');
    expect(explainFailedRead(error)).toContain('没有读到');
    expect(explainFailedRead(error)).not.toContain('没有保存');
  }
});
