/** The icons of the seven states as pictures for style sheets: an element per bar less, and no drawing of paths. */

import { cssName, DISPLAY_STATES } from '../../ui/display-state.ts';

const SIZE_PX = 14;
/** The square in which icons are drawn. */
const DRAWN_PX = 24;

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

/**
 * Drawn line by line: given the whole icon as an image, the browser would make a document of its own for each, as much
 * work as a tenth of the page's beginning.
 */
async function pictureOf(icon: Element | undefined, color: string): Promise<Blob | null> {
  const canvas = document.createElement('canvas');
  const context = canvas.getContext('2d');
  if (!icon || !context) return null;
  const scale = Math.ceil(window.devicePixelRatio || 1);
  canvas.width = canvas.height = SIZE_PX * scale;
  context.scale((scale * SIZE_PX) / DRAWN_PX, (scale * SIZE_PX) / DRAWN_PX);
  context.strokeStyle = color;
  context.lineWidth = 2;
  context.lineCap = context.lineJoin = 'round';
  for (const shape of icon.children) context.stroke(new Path2D(pathOf(shape)));
  return new Promise((done) => canvas.toBlob(done));
}

/** What a shape of an icon is as a path. */
export function pathOf(shape: Pick<Element, 'tagName' | 'getAttribute'>): string {
  const told = (name: string): number => Number(shape.getAttribute(name));
  switch (shape.tagName) {
    case 'path':
      return shape.getAttribute('d') ?? '';
    case 'line':
      return `M${told('x1')} ${told('y1')}L${told('x2')} ${told('y2')}`;
    case 'circle':
      return circle(told('cx'), told('cy'), told('r'));
    case 'rect':
      return rounded(told('x'), told('y'), told('width'), told('height'), told('rx'));
    default:
      throw new Error(`an icon has a ${shape.tagName}, which cannot be drawn yet`);
  }
}

const circle = (x: number, y: number, r: number): string =>
  `M${x - r} ${y}a${r} ${r} 0 0 1 ${2 * r} 0a${r} ${r} 0 0 1 ${-2 * r} 0z`;

function rounded(x: number, y: number, width: number, height: number, r: number): string {
  const corner = (right: number, down: number): string => `a${r} ${r} 0 0 1 ${right} ${down}`;
  const [across, along] = [width - 2 * r, height - 2 * r];
  return `M${x + r} ${y}h${across}${corner(r, r)}v${along}${corner(-r, r)}h${-across}${corner(-r, -r)}v${-along}${corner(r, -r)}z`;
}
