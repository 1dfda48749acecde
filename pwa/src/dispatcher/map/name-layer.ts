/** Technicians' names along their routes and place names for orientation, on one canvas above the lines. */

import L from 'leaflet';
import { isSame } from '../day/is-same.ts';
import type { LatLng } from '../day/wire.ts';
import { type Label, placeLabels } from './label-layout.ts';

export interface NameTag {
  readonly id: string;
  readonly text: string;
  readonly at: LatLng;
  readonly color: string;
  readonly isQuiet: boolean;
}

const HEIGHT_PX = 18;
/** A place's name stands below its dot, a technician's on the line. */
const BELOW_PX = 14;
const AT_ONCE = 24;
/** Letters from here on, Chinese ones among them, are as wide as high. */
const WIDE_FROM = '\u2e80';

export class NameLayer {
  readonly #map: L.Map;
  readonly #canvas: HTMLCanvasElement;
  #tags: readonly NameTag[] = [];
  #halo = '#ffffff';
  #frame = 0;

  constructor(map: L.Map) {
    this.#map = map;
    this.#canvas = L.DomUtil.create('canvas', 'leaflet-zoom-hide');
    this.#canvas.style.pointerEvents = 'none';
    const pane = map.createPane('names');
    pane.style.zIndex = '620';
    pane.style.pointerEvents = 'none';
    pane.append(this.#canvas);
    map.on('moveend', this.#draw, this);
    map.on('unload', () => cancelAnimationFrame(this.#frame));
  }

  /** Names in order of importance: the first ones get their place. */
  show(tags: readonly NameTag[], halo: string): void {
    const mayBeSame = halo === this.#halo && tags.length === this.#tags.length;
    if (mayBeSame && tags.every((tag, index) => saysTheSame(tag, this.#tags[index]))) return;
    this.#tags = tags;
    this.#halo = halo;
    this.#draw();
  }

  #draw(): void {
    cancelAnimationFrame(this.#frame);
    if (this.#tags.length === 0) {
      this.#canvas.width = this.#canvas.height = 0;
      return;
    }
    const size = this.#map.getSize();
    const ratio = window.devicePixelRatio || 1;
    this.#canvas.width = size.x * ratio;
    this.#canvas.height = size.y * ratio;
    this.#canvas.style.width = `${size.x}px`;
    this.#canvas.style.height = `${size.y}px`;
    L.DomUtil.setPosition(this.#canvas, this.#map.containerPointToLayerPoint([0, 0]));
    const context = this.#canvas.getContext('2d');
    if (!context) return;
    context.scale(ratio, ratio);
    context.textAlign = 'center';
    context.textBaseline = 'middle';
    context.lineJoin = 'round';
    context.strokeStyle = this.#halo;
    context.lineWidth = 4;
    const byId = new Map(this.#tags.map((tag) => [tag.id, tag]));
    const view = { left: 0, top: 0, right: size.x, bottom: size.y };
    this.#write(context, placeLabels(this.#labels(), HEIGHT_PX, view), byId);
  }

  /** A few names a frame: outlined text is slow to paint, and nobody may wait for all of them. */
  #write(
    context: CanvasRenderingContext2D,
    labels: readonly Label[],
    byId: ReadonlyMap<string, NameTag>,
  ): void {
    for (const { id, text, x, y } of labels.slice(0, AT_ONCE)) {
      const tag = byId.get(id);
      if (!tag) continue;
      context.font = font(tag);
      context.strokeText(text, x, y);
      context.fillStyle = tag.color;
      context.fillText(text, x, y);
    }
    const rest = labels.slice(AT_ONCE);
    if (rest.length > 0) this.#frame = requestAnimationFrame(() => this.#write(context, rest, byId));
  }

  #labels(): Label[] {
    return this.#tags.map((tag) => {
      const { x, y } = this.#map.latLngToContainerPoint(tag.at);
      return {
        id: tag.id,
        text: tag.text,
        x,
        y: tag.isQuiet ? y + BELOW_PX : y,
        widthPx: roughWidth(tag) + 8,
      };
    });
  }
}

/** Good enough to keep names apart; measuring hundreds of them exactly takes longer than drawing what fits. */
function roughWidth({ text, isQuiet }: NameTag): number {
  const emPx = isQuiet ? 11 : 12;
  return [...text].reduce((widthPx, letter) => widthPx + (letter < WIDE_FROM ? 0.62 : 1) * emPx, 0);
}

/** Whether a tag says the same as another at the same place. */
const saysTheSame = ({ id, text, at, color }: NameTag, other: NameTag | undefined): boolean =>
  other?.id === id && other.text === text && other.color === color && isSame(other.at, at);

const font = ({ isQuiet }: NameTag): string =>
  `${isQuiet ? '400 11px' : '600 12px'} system-ui, "PingFang SC", "Noto Sans SC", "Microsoft YaHei", sans-serif`;
