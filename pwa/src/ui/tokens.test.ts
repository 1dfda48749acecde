import { readdirSync, readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { cssName, DISPLAY_STATES } from './display-state.ts';

const css = readFileSync(new URL('./tokens.css', import.meta.url), 'utf8');
const [lightCss = '', darkCss = ''] = css.split('@media (prefers-color-scheme: dark)');

function colours(block: string): Map<string, string> {
  return new Map([...block.matchAll(/--([\w-]+):\s*(#[0-9a-f]{6})/g)].map((m) => [m[1] ?? '', m[2] ?? '']));
}

function luminance(hex: string): number {
  const channel = (at: number) => {
    const value = Number.parseInt(hex.slice(at, at + 2), 16) / 255;
    return value <= 0.03928 ? value / 12.92 : ((value + 0.055) / 1.055) ** 2.4;
  };
  return 0.2126 * channel(1) + 0.7152 * channel(3) + 0.0722 * channel(5);
}

function contrast(a: string, b: string): number {
  const [low = 0, high = 0] = [luminance(a), luminance(b)].sort((x, y) => x - y);
  return (high + 0.05) / (low + 0.05);
}

const grounds = ['ground', 'ground-2'];
const textPairs: [string, string][] = [
  ...grounds.flatMap((ground): [string, string][] => [
    ['ink', ground],
    ['ink-2', ground],
    ['accent', ground],
    ['danger', ground],
    ...DISPLAY_STATES.map((state): [string, string] => [`state-${cssName(state)}`, ground]),
  ]),
  ...DISPLAY_STATES.map((s): [string, string] => [`state-${cssName(s)}`, `state-${cssName(s)}-soft`]),
  ['accent-ink', 'accent'],
  ['danger-ink', 'danger'],
  ['accent', 'accent-soft'],
  ['ink', 'accent-soft'],
  ['ink', 'ground-3'],
  ['ink-2', 'ground-3'],
];

describe.each([
  ['light', colours(lightCss)],
  ['dark', colours(darkCss)],
] as const)('%s theme', (_, palette) => {
  it.each(textPairs)('%s is readable on %s', (ink, ground) => {
    expect(contrast(palette.get(ink) ?? '', palette.get(ground) ?? '')).toBeGreaterThanOrEqual(4.5);
  });

  it.each(grounds)('edges of controls can be seen on %s', (ground) => {
    expect(contrast(palette.get('line-strong') ?? '', palette.get(ground) ?? '')).toBeGreaterThanOrEqual(3);
  });
});

describe('what style sheets refer to', () => {
  // Customers' pages take the tokens along: what only they use counts as used.
  const roots = ['../', '../../../backend/templates/'].map((path) => new URL(path, import.meta.url));
  const sheets = roots.flatMap((root) =>
    readdirSync(root, { recursive: true, encoding: 'utf8' })
      .filter((name) => /\.(css|svelte|html|ts)$/.test(name) && !name.endsWith('.test.ts'))
      .map((name) => [name, readFileSync(new URL(name, root), 'utf8')] as const),
  );
  const given = new Set(
    sheets.flatMap(([, text]) => [...text.matchAll(/(--[\w-]+)(?:: |', )/g)].map((found) => found[1])),
  );

  it('is defined, for a missing value takes the whole line with it', () => {
    const missing = sheets.flatMap(([name, text]) =>
      [...text.matchAll(/var\((--[\w-]+)\)/g)]
        .filter((found) => !given.has(found[1]))
        .map((found) => `${name}: ${found[1]}`),
    );
    expect(missing).toEqual([]);
  });
});
