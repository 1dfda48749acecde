/** Small pictures of dots, painted once and copied wherever one is: copying is many times cheaper than painting. */

export interface Sprite {
  readonly image: HTMLCanvasElement;
  /** Width and height on screen. */
  readonly sizePx: number;
}

interface DotLook {
  readonly radiusPx: number;
  readonly stroke: string;
  readonly strokePx: number;
  readonly fill: string | null;
}

/** Room around a dot for the edge of its outermost line. */
export const MARGIN_PX = 2;
const TAU = 2 * Math.PI;

export function stopSprite(look: DotLook): Sprite {
  return sprite(look, (context, middle) => dot(context, middle, look));
}

/** A technician's dot: their initial on their colour, apart from what lies beneath by a rim. */
export function initialSprite(look: DotLook & { readonly name: string; readonly ink: string }): Sprite {
  return sprite(look, (context, middle) => {
    context.beginPath();
    context.arc(middle, middle, look.radiusPx + 2.5, 0, TAU);
    context.fillStyle = look.fill === look.stroke ? look.ink : (look.fill ?? look.ink);
    context.fill();
    dot(context, middle, look);
    context.fillStyle = look.ink;
    context.font = '700 11px system-ui, "PingFang SC", "Noto Sans SC", "Microsoft YaHei", sans-serif';
    context.textAlign = 'center';
    context.textBaseline = 'middle';
    context.fillText(look.name.slice(0, 1), middle, middle + 0.5);
  });
}

function sprite(
  { radiusPx, strokePx }: DotLook,
  paint: (context: CanvasRenderingContext2D, middle: number) => void,
): Sprite {
  const sizePx = 2 * (radiusPx + strokePx + MARGIN_PX);
  const ratio = window.devicePixelRatio || 1;
  const image = document.createElement('canvas');
  image.width = image.height = Math.ceil(sizePx * ratio);
  const context = image.getContext('2d');
  if (context) {
    context.scale(ratio, ratio);
    paint(context, sizePx / 2);
  }
  return { image, sizePx };
}

function dot(context: CanvasRenderingContext2D, middle: number, look: DotLook): void {
  context.beginPath();
  context.arc(middle, middle, look.radiusPx, 0, TAU);
  if (look.fill) {
    context.fillStyle = look.fill;
    context.fill();
  }
  context.strokeStyle = look.stroke;
  context.lineWidth = look.strokePx;
  context.stroke();
}
