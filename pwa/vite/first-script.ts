import type { HtmlTagDescriptor, Plugin } from 'vite';

/** Begins a page with a small script of its own, which runs while everything else is still being fetched. */
export function firstScript(page: string, entry: string): Plugin {
  return {
    name: 'shangmen:first-script',
    apply: 'build',
    transformIndexHtml: {
      order: 'post',
      handler(_, { filename, bundle }): HtmlTagDescriptor[] {
        if (!filename.endsWith(page) || !bundle) return [];
        const chunk = Object.values(bundle).find(
          (item) => item.type === 'chunk' && item.isEntry && item.name === entry,
        );
        if (chunk?.type !== 'chunk') throw new Error(`${entry} is not in the bundle`);
        if (chunk.imports.length > 0) throw new Error(`${entry} is to be one file`);
        return [{ tag: 'script', attrs: { src: `/${chunk.fileName}` }, injectTo: 'head-prepend' }];
      },
    },
  };
}
