// Draws the PNG icons that phones want from the SVG ones.
import { readFileSync, writeFileSync } from 'node:fs';
import { Resvg } from '@resvg/resvg-js';

const target = new URL('../public/technician/', import.meta.url);
const plain = readFileSync(new URL('icon.svg', target));
const maskable = readFileSync(new URL('../icons/maskable.svg', import.meta.url));

const icons = [
  ['icon-180.png', maskable, 180],
  ['icon-192.png', plain, 192],
  ['icon-512.png', plain, 512],
  ['icon-maskable-512.png', maskable, 512],
];

for (const [name, svg, width] of icons) {
  writeFileSync(
    new URL(name, target),
    new Resvg(svg, { fitTo: { mode: 'width', value: width } }).render().asPng(),
  );
}
