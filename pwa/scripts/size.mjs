// Prints the gzip size of what each page loads first and fails when one is over its budget.
import { readFileSync } from 'node:fs';
import { gzipSync } from 'node:zlib';

const dist = new URL('../dist/', import.meta.url);
const manifest = JSON.parse(readFileSync(new URL('.vite/manifest.json', dist), 'utf8'));
const sizeOf = (file) => gzipSync(readFileSync(new URL(file, dist)), { level: 9 }).length;

/** Files of an entry: itself and its static imports; with `lazy`, everything those can import later too. */
function filesOf(key, lazy, seen = new Set()) {
  if (seen.has(key)) return seen;
  seen.add(key);
  const chunk = manifest[key];
  for (const next of [...(chunk.imports ?? []), ...(lazy ? (chunk.dynamicImports ?? []) : [])])
    filesOf(next, lazy, seen);
  return seen;
}

function total(keys, lazy = false) {
  const js = new Set();
  const css = new Set();
  for (const key of keys) {
    for (const part of filesOf(key, lazy)) {
      const chunk = manifest[part];
      (chunk.file.endsWith('.css') ? css : js).add(chunk.file);
      for (const file of chunk.css ?? []) css.add(file);
    }
  }
  const sum = (files) => [...files].reduce((bytes, file) => bytes + sizeOf(file), 0);
  return { js: sum(js), css: sum(css) };
}

const technician = 'technician/index.html';
const board = 'console/index.html';
const firstCatalog = Object.keys(manifest).filter((key) => key === 'src/technician/i18n/zh-cn.ts');
const rows = [
  ['technician entry JS', total([technician, ...firstCatalog]).js, 65],
  ['technician entry CSS', total([technician]).css, 8],
  ...['live', 'report', 'sign', 'alerts'].map((page) => [
    `customer JS (${page})`,
    total([`src/customer/${page}.ts`]).js,
    2,
  ]),
  ['tokens CSS', total(['src/ui/tokens.css']).css, 2],
  ['service worker', sizeOf('technician/sw.js'), 4],
  ['console entry JS without map', total([board]).js, 80],
  ['console JS with map', total([board, 'src/dispatcher/map/day-map.ts']).js, 130],
];

let isOver = false;
for (const [name, bytes, budget_kb] of rows) {
  const ok = bytes <= budget_kb * 1024;
  isOver ||= !ok;
  console.log(
    `${ok ? 'ok  ' : 'OVER'} ${name.padEnd(34)} ${(bytes / 1024).toFixed(1).padStart(7)} / ${budget_kb} KB gzip`,
  );
}
const everything = total([technician], true);
console.log(
  `     technician with everything lazy    ${((everything.js + everything.css) / 1024).toFixed(1).padStart(7)} KB gzip`,
);
process.exitCode = isOver ? 1 : 0;
