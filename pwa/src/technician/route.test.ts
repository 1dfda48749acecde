import { expect, it } from 'vitest';
import { parseRoute, paths } from './route.svelte.ts';

it.each([
  ['', { name: 'today' }],
  ['#/today', { name: 'today' }],
  ['#/nowhere', { name: 'today' }],
  ['#/unsent', { name: 'unsent' }],
  ['#/job/', { name: 'today' }],
  ['#pair=AB%2FCD', { name: 'pair', code: 'AB/CD' }],
  [paths.job('j/1'), { name: 'job', job_id: 'j/1' }],
  [paths.step('j1', '压力'), { name: 'step', job_id: 'j1', step: '压力' }],
  [paths.sign('j1'), { name: 'sign', job_id: 'j1' }],
])('%s is read', (hash, route) => {
  expect(parseRoute(hash)).toEqual(route);
});
