/** The icons of the seven states as pictures for style sheets: an element per bar less, and no drawing of paths. */

import { cssName, DISPLAY_STATES } from '../../ui/display-state.ts';

/** Sets `--icon-done` and its like on `board` from icons on a shelf, in the order of the states. */
export function setStateIcons(board: HTMLElement, shelf: HTMLElement): void {
  const root = getComputedStyle(document.documentElement);
  DISPLAY_STATES.forEach((state, index) => {
    const icon = shelf.children[index];
    if (!icon) return;
    const color = root.getPropertyValue(`--state-${cssName(state)}`).trim();
    board.style.setProperty(`--icon-${cssName(state)}`, `url("${pictureOf(icon, color)}")`);
  });
}

/** A picture stands outside the page, so it is told the colour that an icon in the page would inherit. */
function pictureOf(icon: Element, color: string): string {
  const copy = icon.cloneNode(true) as Element;
  copy.setAttribute('stroke', color);
  const text = new XMLSerializer().serializeToString(copy);
  return `data:image/svg+xml,${encodeURIComponent(text)}`;
}
