import type { Plugin } from 'vite';

const HINT = '//# allFunctionsCalledOnLoad\n';

/**
 * A browser reads most functions twice: once to find their end, once when they are first called. Told that a page
 * begins with most of what a file has, it reads them once, and not on the thread that draws.
 */
export function compileAtOnce(entry: string): Plugin {
  return {
    name: 'shangmen:compile-at-once',
    apply: 'build',
    enforce: 'post',
    generateBundle: {
      order: 'post',
      handler(_, bundle) {
        const chunk = Object.values(bundle).find(
          (item) => item.type === 'chunk' && item.isEntry && item.name === entry,
        );
        if (chunk?.type !== 'chunk') throw new Error(`${entry} is not in the bundle`);
        chunk.code = HINT + chunk.code;
      },
    },
  };
}
