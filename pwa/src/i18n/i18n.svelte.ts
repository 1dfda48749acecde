import type { Catalog, Locale, Params, SameKeys } from './catalog.ts';

type Loader<C extends Catalog> = () => Promise<{ default: SameKeys<C> }>;

/** One surface's texts: catalogs are fetched when their language is chosen, and every `t()` in a template follows. */
export class I18n<C extends Catalog> {
  #loaders: Record<Locale, Loader<C>>;
  #messages = $state.raw<SameKeys<C> | null>(null);
  #locale = $state<Locale>('zh-CN');

  constructor(loaders: Record<Locale, Loader<C>>) {
    this.#loaders = loaders;
  }

  get locale(): Locale {
    return this.#locale;
  }

  async use(locale: Locale): Promise<void> {
    const loaded = await this.#loaders[locale]();
    this.#messages = loaded.default;
    this.#locale = locale;
  }

  t = <K extends keyof C & string>(key: K, ...params: Params<C[K]>): string => {
    const message = this.#messages?.[key] as Catalog[string] | undefined;
    if (message === undefined) return key;
    return typeof message === 'function' ? message(params[0]) : message;
  };
}
