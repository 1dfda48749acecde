import { readFileSync } from 'node:fs';
import type { Plugin } from 'vite';

const ICON = /[\\/]@lucide[\\/]svelte[\\/]dist[\\/]icons[\\/][\w-]+\.svelte$/;
const DRAWING = /const iconData = (\{.*\});/;
const LOOK =
  'viewBox="0 0 24 24" stroke="currentColor" stroke-width="2" stroke-linecap="round" stroke-linejoin="round"';

type Shape = [tag: string, attributes: Record<string, string>];

const shapeOf = ([tag, attributes]: Shape): string =>
  `<${tag} ${Object.entries(attributes)
    .map(([name, value]) => `${name}="${value}"`)
    .join(' ')} />`;

/** An icon as a component of its own: a drawing that is copied, of which only size, filling and class are told. */
export function plainIcon(source: string): string {
  const drawing = DRAWING.exec(source)?.[1];
  if (!drawing) throw new Error('the package of icons has another form than this knows');
  const { node } = JSON.parse(drawing) as { node: Shape[] };
  return `<script>const { size = 24, fill = 'none', class: extra } = $props();</script>
<svg width={size} height={size} {fill} class={extra} ${LOOK} aria-hidden="true">${node.map(shapeOf).join('')}</svg>`;
}

/**
 * The package puts each line of an icon together anew wherever it stands, by a component that can do much more: that
 * was a fifth of the console's beginning.
 */
export function plainIcons(): Plugin {
  return {
    name: 'shangmen:plain-icons',
    enforce: 'pre',
    load(id) {
      return ICON.test(id) ? plainIcon(readFileSync(id, 'utf8')) : null;
    },
  };
}
