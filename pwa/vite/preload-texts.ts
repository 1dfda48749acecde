import type { HtmlTagDescriptor, Plugin } from 'vite';

/** Fetches a page's texts beside its script instead of after it: one round trip less on a slow network. */
export function preloadTexts(catalogs: Record<string, string>): Plugin {
  return {
    name: 'shangmen:preload-texts',
    apply: 'build',
    transformIndexHtml: {
      order: 'post',
      handler(_, { filename, bundle }): HtmlTagDescriptor[] {
        const page = Object.keys(catalogs).find((path) => filename.endsWith(path));
        const catalog = page && catalogs[page];
        if (!catalog || !bundle) return [];
        const chunk = Object.values(bundle).find(
          (item) => item.type === 'chunk' && item.facadeModuleId?.endsWith(catalog),
        );
        if (!chunk) throw new Error(`${catalog} is not in the bundle`);
        return [
          { tag: 'link', attrs: { rel: 'modulepreload', href: `/${chunk.fileName}` }, injectTo: 'head' },
        ];
      },
    },
  };
}
