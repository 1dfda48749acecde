import { readFileSync } from 'node:fs';
import { describe, expect, test } from 'vitest';
import { pathOf } from './state-icons.ts';

const shape = (tagName: string, told: Record<string, string>) => ({
  tagName,
  getAttribute: (name: string) => told[name] ?? null,
});

describe('the lines of an icon', () => {
  test('a path is drawn as it is', () => expect(pathOf(shape('path', { d: 'M1 2h3' }))).toBe('M1 2h3'));

  test('a line goes from one end to the other', () =>
    expect(pathOf(shape('line', { x1: '12', x2: '12', y1: '8', y2: '12' }))).toBe('M12 8L12 12'));

  test('a circle is two halves around its middle', () =>
    expect(pathOf(shape('circle', { cx: '12', cy: '10', r: '3' }))).toBe(
      'M9 10a3 3 0 0 1 6 0a3 3 0 0 1 -6 0z',
    ));

  test('a box has round corners', () =>
    expect(pathOf(shape('rect', { x: '3', y: '4', width: '18', height: '18', rx: '2' }))).toBe(
      'M5 4h14a2 2 0 0 1 2 2v14a2 2 0 0 1 -2 2h-14a2 2 0 0 1 -2 -2v-14a2 2 0 0 1 2 -2z',
    ));

  test('the seven states have icons of nothing else', () => {
    const component = readFileSync(new URL('../../ui/StateIcon.svelte', import.meta.url), 'utf8');
    const names = [...component.matchAll(/svelte\/icons\/([\w-]+)'/g)].map((match) => match[1]);
    expect(names).toHaveLength(7);
    for (const name of names) {
      const icon = new URL(`../../../node_modules/@lucide/svelte/dist/icons/${name}.svelte`, import.meta.url);
      const drawing = /const iconData = (\{.*\});/.exec(readFileSync(icon, 'utf8'))?.[1] ?? '{}';
      for (const [tagName, told] of JSON.parse(drawing).node)
        expect(pathOf(shape(tagName, told))).toMatch(/^M/i);
    }
  });
});
