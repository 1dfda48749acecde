/** Picks which names fit on the map without covering one another; earlier ones win. */

export interface Label {
  readonly id: string;
  readonly text: string;
  readonly x: number;
  readonly y: number;
  readonly widthPx: number;
}

export interface Box {
  readonly left: number;
  readonly top: number;
  readonly right: number;
  readonly bottom: number;
}

export function placeLabels(labels: readonly Label[], heightPx: number, view: Box): Label[] {
  const taken: Box[] = [];
  const placed: Label[] = [];
  for (const label of labels) {
    const box = boxAround(label, heightPx);
    if (!inside(box, view) || taken.some((other) => collide(box, other))) continue;
    taken.push(box);
    placed.push(label);
  }
  return placed;
}

const boxAround = ({ x, y, widthPx }: Label, heightPx: number): Box => ({
  left: x - widthPx / 2,
  right: x + widthPx / 2,
  top: y - heightPx / 2,
  bottom: y + heightPx / 2,
});

const collide = (a: Box, b: Box): boolean =>
  a.left < b.right && b.left < a.right && a.top < b.bottom && b.top < a.bottom;

const inside = (box: Box, view: Box): boolean =>
  box.left >= view.left && box.right <= view.right && box.top >= view.top && box.bottom <= view.bottom;
