/** Small pictures of dots, painted once and copied wherever one is: copying is many times cheaper than painting. */

export interface DotLook {
  readonly radiusPx: number;
  readonly stroke: string;
  readonly strokePx: number;
  readonly fill: string | null;
  /** A technician's dot says their initial in this colour. */
  readonly initial?: { readonly letter: string; readonly ink: string };
}

/** Room around a dot for the edge of its outermost line. */
export const MARGIN_PX = 2;
const TAU = 2 * Math.PI;
/** Places in a row of the sheet, each for the largest dot there is. */
const COLUMNS = 16;
const CELL_PX = 36;
/** Rows of the sheet: enough for a hundred technicians, and twice as many each time they are too few. */
const ROWS = 16;
/** Many times what one picture needs: a sheet that is full holds colours that are not shown any more. */
const MOST_ROWS = 128;

/** A picture's place on the sheet. */
export interface Sprite {
  readonly left: number;
  readonly top: number;
  readonly sizePx: number;
}

/** All of them on one canvas: to make one for each takes longer than to paint it. */
export class SpriteSheet {
  #canvas = document.createElement('canvas');
  #rows = ROWS;
  readonly #ratio = window.devicePixelRatio || 1;
  readonly #known = new Map<string, Sprite>();
  #painter: CanvasRenderingContext2D | null = null;

  /** Paints what is not there yet, before any is copied: a sheet that changes in between is copied as a whole. */
  add(look: DotLook): Sprite {
    const key = keyOf(look);
    const known = this.#known.get(key);
    if (known) return known;
    if (this.#known.size === COLUMNS * this.#rows) this.#makeRoom();
    const at = this.#known.size;
    const left = (at % COLUMNS) * CELL_PX;
    const top = Math.floor(at / COLUMNS) * CELL_PX;
    const sizePx = 2 * (look.radiusPx + look.strokePx + MARGIN_PX);
    const sprite = { left, top, sizePx };
    this.#known.set(key, sprite);
    const painter = this.#paintIn(left, top);
    if (painter) paint(painter, left + sizePx / 2, top + sizePx / 2, look);
    return sprite;
  }

  /** Copies a picture that was just added to its place, `x` and `y` in its middle. */
  copy(context: CanvasRenderingContext2D, { left, top, sizePx }: Sprite, x: number, y: number): void {
    const from = sizePx * this.#ratio;
    const toX = Math.round(x - sizePx / 2);
    const toY = Math.round(y - sizePx / 2);
    context.drawImage(
      this.#canvas,
      left * this.#ratio,
      top * this.#ratio,
      from,
      from,
      toX,
      toY,
      sizePx,
      sizePx,
    );
  }

  /** An empty place on the sheet, which is made with its first picture. */
  #paintIn(left: number, top: number): CanvasRenderingContext2D | null {
    this.#painter ??= this.#newPainter();
    this.#painter?.clearRect(left, top, CELL_PX, CELL_PX);
    return this.#painter;
  }

  #newPainter(): CanvasRenderingContext2D | null {
    this.#canvas.width = COLUMNS * CELL_PX * this.#ratio;
    this.#canvas.height = this.#rows * CELL_PX * this.#ratio;
    const painter = this.#canvas.getContext('2d');
    painter?.scale(this.#ratio, this.#ratio);
    return painter;
  }

  /** What was added for the picture that is being painted stays where it is. */
  #makeRoom(): void {
    if (this.#rows === MOST_ROWS) {
      this.#known.clear();
      return;
    }
    const full = this.#canvas;
    this.#canvas = document.createElement('canvas');
    this.#rows *= 2;
    this.#painter = this.#newPainter();
    this.#painter?.drawImage(full, 0, 0, full.width / this.#ratio, full.height / this.#ratio);
  }
}

function keyOf({ radiusPx, stroke, strokePx, fill, initial }: DotLook): string {
  const dot = `${radiusPx},${stroke},${strokePx},${fill}`;
  return initial ? `${dot},${initial.letter},${initial.ink}` : dot;
}

function paint(context: CanvasRenderingContext2D, x: number, y: number, look: DotLook): void {
  const { radiusPx, stroke, fill, initial } = look;
  if (initial) {
    // Apart from what lies beneath by a rim.
    fillDot(context, x, y, radiusPx + 2.5, fill === stroke ? initial.ink : (fill ?? initial.ink));
  }
  if (fill) fillDot(context, x, y, radiusPx, fill);
  context.beginPath();
  context.arc(x, y, radiusPx, 0, TAU);
  context.strokeStyle = stroke;
  context.lineWidth = look.strokePx;
  context.stroke();
  if (!initial) return;
  context.fillStyle = initial.ink;
  context.font = '700 11px system-ui, "PingFang SC", "Noto Sans SC", "Microsoft YaHei", sans-serif';
  context.textAlign = 'center';
  context.textBaseline = 'middle';
  context.fillText(initial.letter, x, y + 0.5);
}

function fillDot(
  context: CanvasRenderingContext2D,
  x: number,
  y: number,
  radiusPx: number,
  color: string,
): void {
  context.beginPath();
  context.arc(x, y, radiusPx, 0, TAU);
  context.fillStyle = color;
  context.fill();
}
