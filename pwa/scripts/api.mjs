// Types of the API from docs/openapi.json: `write` generates them, `check` fails when they are out of date.
import { readFileSync, writeFileSync } from 'node:fs';
import openapiTypescript, { astToString } from 'openapi-typescript';

const source = new URL('../../docs/openapi.json', import.meta.url);
const target = new URL('../src/api/schema.d.ts', import.meta.url);
const header = '// Generated from docs/openapi.json by `npm run api:generate`; do not edit.\n\n';

const fresh = header + astToString(await openapiTypescript(source, { alphabetize: true }));
if (process.argv[2] === 'check') {
  const current = readFileSync(target, 'utf8');
  if (current !== fresh) {
    console.error('src/api/schema.d.ts differs from docs/openapi.json: run `npm run api:generate`');
    process.exitCode = 1;
  }
} else {
  writeFileSync(target, fresh);
}
