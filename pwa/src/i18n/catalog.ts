/** A message is a sentence, or a function of what it must say. */
// biome-ignore lint/suspicious/noExplicitAny: each message declares its own parameters; callers are checked per key
export type Message = string | ((params: any) => string);
export type Catalog = Record<string, Message>;

/** The same keys and parameters as another catalog, in another language. */
export type SameKeys<C extends Catalog> = {
  [K in keyof C]: C[K] extends (params: infer P) => string ? (params: P) => string : string;
};

export type Params<M> = M extends (params: infer P) => string ? [params: P] : [];

export const LOCALES = ['zh-CN', 'en'] as const;
export type Locale = (typeof LOCALES)[number];

/** The supported language closest to what the person or the browser asks for. */
export function closestLocale(wanted: readonly string[]): Locale {
  for (const tag of wanted) {
    const language = tag.toLowerCase();
    if (language.startsWith('zh')) return 'zh-CN';
    if (language.startsWith('en')) return 'en';
  }
  return 'en';
}
