/** The icons of the seven states as pictures for style sheets: an element per bar less, and no drawing of paths. */

import { cssName, DISPLAY_STATES } from '../../ui/display-state.ts';

const SIZE_PX = 14;

/**
 * Gives the bars of each state its icon as soon as icons from a shelf, in the order of the states, are painted. What
 * it returns takes them back. Points are copied to a bar many times faster than paths are drawn, and a rule of its own
 * is read once: the same address in a custom property would be read anew for each bar.
 */
export function setStateIcons(shelf: HTMLElement): () => void {
  const root = getComputedStyle(document.documentElement);
  const pictures = DISPLAY_STATES.map((state, index) =>
    pictureOf(shelf.children[index], root.getPropertyValue(`--state-${cssName(state)}`).trim()),
  );
  let isOver = false;
  let giveBack = (): void => undefined;
  void Promise.all(pictures).then((painted) => {
    if (!isOver) giveBack = addRules(painted);
  });
  return () => {
    isOver = true;
    giveBack();
  };
}

/** One rule a state in the page's first style sheet. */
function addRules(painted: readonly (Blob | null)[]): () => void {
  const [sheet] = document.styleSheets;
  const addresses = painted.map((picture) => (picture ? URL.createObjectURL(picture) : ''));
  const rules = DISPLAY_STATES.map((state, index) => {
    const rule = `.board .bar.${cssName(state)} { background-image: url("${addresses[index]}") }`;
    return sheet?.cssRules[sheet.insertRule(rule, sheet.cssRules.length)];
  });
  return () => {
    for (const address of addresses) URL.revokeObjectURL(address);
    for (const rule of rules) if (rule) sheet?.deleteRule([...sheet.cssRules].indexOf(rule));
  };
}

/** A picture stands outside the page, so it is told the colour that an icon in the page would inherit. */
async function pictureOf(icon: Element | undefined, color: string): Promise<Blob | null> {
  if (!icon) return null;
  const copy = icon.cloneNode(true) as Element;
  copy.setAttribute('stroke', color);
  const image = new Image();
  image.src = `data:image/svg+xml,${encodeURIComponent(new XMLSerializer().serializeToString(copy))}`;
  await image.decode();
  const canvas = document.createElement('canvas');
  canvas.width = canvas.height = SIZE_PX * Math.ceil(window.devicePixelRatio || 1);
  canvas.getContext('2d')?.drawImage(image, 0, 0, canvas.width, canvas.height);
  return new Promise((done) => canvas.toBlob(done));
}
