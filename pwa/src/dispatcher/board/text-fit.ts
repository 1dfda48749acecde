/**
 * Cuts a text to the width there is. The browser can do that itself, but then each bar needs a clip of its own, and a
 * thousand clips cost every frame in which anything on the page changes.
 */

const ELLIPSIS = '…';
/** The font of the board. */
export const FAMILY = 'system-ui, "PingFang SC", "Noto Sans SC", "Microsoft YaHei", sans-serif';

/** How wide one character is in a font, in pixels. */
export type CharWidth = (character: string) => number;

/** As much of `text` as fits, with an ellipsis where something was left out; at least that. */
export function fitted(text: string, widthPx: number, widthOf: CharWidth): string {
  let usedPx = 0;
  /** Up to here an ellipsis still has room. */
  let end = 0;
  let at = 0;
  const roomPx = widthPx - widthOf(ELLIPSIS);
  for (const character of text) {
    usedPx += widthOf(character);
    if (usedPx > widthPx) return text.slice(0, end) + ELLIPSIS;
    at += character.length;
    if (usedPx <= roomPx) end = at;
  }
  return text;
}

/** How wide a text is, about. */
export function widthIn(text: string, widthOf: CharWidth): number {
  let widthPx = 0;
  for (const character of text) widthPx += widthOf(character);
  return widthPx;
}

/** Letters from here on, Chinese ones among them, are as wide as high. */
const WIDE_FROM = '\u2e80';

/** Measures each narrow character once; kerning within a bar's few words is less than the room beside them. */
export function charWidths(sizePx: number, weight: number, family: string): CharWidth {
  const known = new Map<string, number>();
  const context = document.createElement('canvas').getContext('2d');
  if (context) context.font = `${weight} ${sizePx}px ${family}`;
  return (character) => {
    if (character >= WIDE_FROM) return sizePx;
    const width = known.get(character) ?? context?.measureText(character).width ?? 0;
    known.set(character, width);
    return width;
  };
}
