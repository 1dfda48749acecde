/** The icons of the seven states as pictures for style sheets: an element per bar less, and no drawing of paths. */

import { cssName, DISPLAY_STATES } from '../../ui/display-state.ts';

const SIZE_PX = 14;

/**
 * Sets `--icon-done` and its like on `board` from icons on a shelf, in the order of the states, as soon as they are
 * painted. What it returns gives the pictures back. Points are copied to a bar many times faster than paths are
 * drawn, and the address of a picture is short: a style sheet reads it anew for each bar.
 */
export function setStateIcons(board: HTMLElement, shelf: HTMLElement): () => void {
  const root = getComputedStyle(document.documentElement);
  const pictures = DISPLAY_STATES.map((state, index) =>
    pictureOf(shelf.children[index], root.getPropertyValue(`--state-${cssName(state)}`).trim()),
  );
  let isOver = false;
  const addresses: string[] = [];
  void Promise.all(pictures).then((painted) => {
    if (isOver) return;
    addresses.push(...painted.map((picture) => (picture ? URL.createObjectURL(picture) : '')));
    DISPLAY_STATES.forEach((state, index) => {
      board.style.setProperty(`--icon-${cssName(state)}`, `url("${addresses[index]}")`);
    });
  });
  return () => {
    isOver = true;
    for (const address of addresses) URL.revokeObjectURL(address);
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
