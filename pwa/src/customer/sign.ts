/**
 * A pad to sign on with a finger; without a script the page takes a typed name instead.
 * `<div data-pad hidden><canvas>` is shown, strokes go into `input[name=strokes]` as JSON:
 * x and y as fractions of the pad's width, t in milliseconds since the first touch, p the pressure.
 */
interface Point {
  x: number;
  y: number;
  t: number;
  p: number;
}
const pad = document.querySelector<HTMLElement>('[data-pad]');
const canvas = pad?.querySelector('canvas');
const field = document.querySelector<HTMLInputElement>('input[name=strokes]');
const pen = canvas?.getContext('2d');
let strokes: Point[][] = [];
let startedAt = 0;

if (pad && canvas && field && pen) {
  pad.hidden = false;
  const box = canvas.getBoundingClientRect();
  const scale = devicePixelRatio || 1;
  canvas.width = box.width * scale;
  canvas.height = box.height * scale;
  pen.scale(scale, scale);
  pen.lineWidth = 2.4;
  pen.lineCap = pen.lineJoin = 'round';
  pen.strokeStyle = getComputedStyle(canvas).color;

  const point = (event: PointerEvent): Point => {
    const { left, top, width } = canvas.getBoundingClientRect();
    startedAt ||= event.timeStamp;
    const inside = (value: number, most: number) => Math.min(Math.max(value, 0), most);
    return {
      x: +inside((event.clientX - left) / width, 1).toFixed(4),
      y: +inside((event.clientY - top) / width, 4).toFixed(4),
      t: Math.round(event.timeStamp - startedAt),
      p: +inside(event.pressure, 1).toFixed(2),
    };
  };
  const draw = (stroke: Point[]): void => {
    const [from, to] = stroke.slice(-2);
    if (!from) return;
    const { width } = canvas.getBoundingClientRect();
    pen.beginPath();
    pen.moveTo(from.x * width, from.y * width);
    pen.lineTo((to ?? from).x * width, (to ?? from).y * width);
    pen.stroke();
  };
  canvas.addEventListener('pointerdown', (event) => {
    canvas.setPointerCapture(event.pointerId);
    strokes.push([point(event)]);
    draw(strokes.at(-1) ?? []);
    field.value = JSON.stringify(strokes);
  });
  canvas.addEventListener('pointermove', (event) => {
    const stroke = strokes.at(-1);
    if (!stroke || !canvas.hasPointerCapture(event.pointerId)) return;
    stroke.push(point(event));
    draw(stroke);
  });
  canvas.addEventListener('pointerup', () => {
    field.value = JSON.stringify(strokes);
  });
  pad.querySelector('button')?.addEventListener('click', () => {
    strokes = [];
    startedAt = 0;
    field.value = '';
    pen.clearRect(0, 0, canvas.width, canvas.height);
  });
}

export {};
