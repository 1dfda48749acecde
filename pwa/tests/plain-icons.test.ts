import { readFileSync } from 'node:fs';
import { compile } from 'svelte/compiler';
import { expect, test } from 'vitest';
import { plainIcon } from '../vite/plain-icons.ts';

const sourceOf = (name: string): string =>
  readFileSync(new URL(`../node_modules/@lucide/svelte/dist/icons/${name}.svelte`, import.meta.url), 'utf8');

test('an icon keeps every line of its drawing', () => {
  const icon = plainIcon(sourceOf('map-pin'));
  expect(icon).toContain('<circle cx="12" cy="10" r="3" />');
  expect(icon).toMatch(/<path d="M20 10c0 4[^"]+" \/>/);
  expect(icon.match(/<(circle|path) /g)).toHaveLength(2);
});

test('an icon is a component that is told its size', () => {
  const { js, warnings } = compile(plainIcon(sourceOf('grip-vertical')), { generate: 'client' });
  expect(warnings).toEqual([]);
  expect(js.code).toContain("'width', size()");
});

test('an icon of another form ends the build', () => {
  expect(() => plainIcon('<svg />')).toThrow('another form');
});
