/** The hours above the rows, their lines behind them, and the line of the present moment. */

import type { ZoneClock } from '../day/zone-clock.ts';
import { box, NAME_WIDTH_PX } from './board-elements.ts';
import type { TimeAxis } from './time-axis.ts';

export class Hours {
  readonly element = box('hours');
  readonly #canvas: HTMLElement;
  readonly #nowLine = box('now');

  constructor(canvas: HTMLElement) {
    this.#canvas = canvas;
    this.element.setAttribute('aria-hidden', 'true');
    this.#nowLine.setAttribute('aria-hidden', 'true');
  }

  draw(axis: TimeAxis, clock: ZoneClock): void {
    const ticks = axis.ticks();
    const labels = ticks.map(({ ms, x }) => {
      const label = box('hour');
      label.textContent = clock.time(ms);
      label.style.left = `${NAME_WIDTH_PX + x}px`;
      return label;
    });
    this.element.replaceChildren(box('corner'), ...labels);
    const gapPx = (ticks[1]?.x ?? 0) - (ticks[0]?.x ?? 0);
    this.#canvas.style.setProperty('--tick', `${gapPx.toFixed(3)}px`);
  }

  /** Draws the present moment where the axis has it. */
  setNow(ms: number, axis: TimeAxis): void {
    const isShown = ms > 0 && axis.contains(ms);
    this.#nowLine.hidden = !isShown;
    if (!isShown) return;
    this.#nowLine.style.left = `${NAME_WIDTH_PX + axis.x(ms)}px`;
    if (this.#nowLine.parentNode !== this.#canvas) this.#canvas.append(this.#nowLine);
  }
}
