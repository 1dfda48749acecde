import { createHash } from 'node:crypto';
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Plugin, Rolldown } from 'vite';

type OutputBundle = Rolldown.OutputBundle;

interface WorkerOptions {
  /** Name of the rollup input that is the page, and the name of the one that is the worker. */
  page: string;
  worker: string;
  /** Where the page is served, e.g. `/technician/`. */
  scope: string;
  /** Folder under `public/` whose files are part of the shell. */
  publicFolder: string;
}

interface Entry {
  url: string;
  revision: string;
}

const MANIFEST = 'self.__SHELL_MANIFEST';

/** Large, and of use to few phones: the worker keeps it once it was fetched. */
const WHEN_NEEDED = /\.wasm$/;

/** Every file the page can ever ask for: static imports, lazy imports, styles and assets. */
function reachable(bundle: OutputBundle, page: string): Set<string> {
  const seen = new Set<string>();
  const start = Object.values(bundle).find(
    (item) => item.type === 'chunk' && item.isEntry && item.name === page,
  );
  if (!start) throw new Error(`No entry chunk named ${page}`);
  const queue = [start.fileName];
  while (queue.length > 0) {
    const name = queue.pop() as string;
    if (seen.has(name)) continue;
    seen.add(name);
    const item = bundle[name];
    if (item?.type !== 'chunk') continue;
    queue.push(...item.imports, ...item.dynamicImports);
    queue.push(...(item.viteMetadata?.importedCss ?? []), ...(item.viteMetadata?.importedAssets ?? []));
  }
  return seen;
}

function hash(content: string | Uint8Array): string {
  return createHash('sha256').update(content).digest('hex').slice(0, 16);
}

function contentOf(bundle: OutputBundle, name: string): string | Uint8Array {
  const item = bundle[name];
  if (!item) throw new Error(`${name} is not in the bundle`);
  return item.type === 'chunk' ? item.code : item.source;
}

function shell(bundle: OutputBundle, options: WorkerOptions, publicDir: string): Entry[] {
  const shellFiles = [...reachable(bundle, options.page)].filter((name) => !WHEN_NEEDED.test(name));
  const entries: Entry[] = shellFiles.map((name) => ({
    url: `/${name}`,
    revision: hash(contentOf(bundle, name)),
  }));
  for (const name of readdirSync(join(publicDir, options.publicFolder))) {
    // Shown by the browser before the app is installed, never by the app.
    if (name.startsWith('screenshot-')) continue;
    const content = readFileSync(join(publicDir, options.publicFolder, name));
    entries.push({ url: `/${options.publicFolder}/${name}`, revision: hash(content) });
  }
  const html = contentOf(bundle, `${options.scope.slice(1)}index.html`);
  const seen = new Set(entries.map((entry) => entry.url));
  for (const [, name] of String(html).matchAll(/href="\/(assets\/[^"]+)"/g))
    if (name && !seen.has(`/${name}`))
      entries.push({ url: `/${name}`, revision: hash(contentOf(bundle, name)) });
  entries.push({ url: options.scope, revision: hash(html) });
  return entries.sort((a, b) => (a.url < b.url ? -1 : 1));
}

/** Injects into the worker the exact list of files of its page, so that the first visit is enough to work offline. */
export function serviceWorker(options: WorkerOptions): Plugin {
  let publicDir = '';
  return {
    name: 'shangmen:service-worker',
    apply: 'build',
    enforce: 'post',
    configResolved(config) {
      publicDir = config.publicDir;
    },
    generateBundle: {
      order: 'post',
      handler(_, bundle) {
        const worker = Object.values(bundle).find(
          (item) => item.type === 'chunk' && item.name === options.worker,
        );
        if (worker?.type !== 'chunk') throw new Error(`No worker chunk named ${options.worker}`);
        if (!worker.code.includes(MANIFEST)) throw new Error(`${MANIFEST} is missing from the worker`);
        if (worker.imports.length > 0) throw new Error('The worker must be one file without imports');
        const entries = shell(bundle, options, publicDir);
        worker.code = worker.code.replace(MANIFEST, () => JSON.stringify(entries));
      },
    },
  };
}
