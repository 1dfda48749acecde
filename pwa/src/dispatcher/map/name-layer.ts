/** Technicians' names along their routes and place names for orientation, on one canvas above the lines. */

import L from 'leaflet';
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

export class NameLayer {
  readonly #map: L.Map;
  readonly #canvas: HTMLCanvasElement;
  #tags: readonly NameTag[] = [];
  #halo = '#ffffff';
  readonly #widths = new Map<string, number>();

  constructor(map: L.Map) {
    this.#map = map;
    this.#canvas = L.DomUtil.create('canvas', 'leaflet-zoom-hide');
    this.#canvas.style.pointerEvents = 'none';
    const pane = map.createPane('names');
    pane.style.zIndex = '620';
    pane.style.pointerEvents = 'none';
    pane.append(this.#canvas);
    map.on('moveend zoomend resize', this.#draw, this);
  }

  /** Names in order of importance: the first ones get their place. */
  show(tags: readonly NameTag[], halo: string): void {
    const isSame = halo === this.#halo && tags.length === this.#tags.length;
    if (isSame && tags.every((tag, index) => says(tag) === says(this.#tags[index]))) return;
    this.#tags = tags;
    this.#halo = halo;
    this.#draw();
  }

  /** Measuring a text costs more than drawing it, and the same few hundred come again with every move. */
  #width(context: CanvasRenderingContext2D, tag: NameTag): number {
    const key = font(tag) + tag.text;
    const known = this.#widths.get(key);
    if (known !== undefined) return known;
    context.font = font(tag);
    const widthPx = context.measureText(tag.text).width;
    this.#widths.set(key, widthPx);
    return widthPx;
  }

  #draw(): void {
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
    const byId = new Map(this.#tags.map((tag) => [tag.id, tag]));
    const view = { left: 0, top: 0, right: size.x, bottom: size.y };
    for (const label of placeLabels(this.#labels(context), HEIGHT_PX, view)) {
      const tag = byId.get(label.id);
      if (tag) this.#write(context, label, tag);
    }
  }

  #labels(context: CanvasRenderingContext2D): Label[] {
    return this.#tags.map((tag) => {
      const { x, y } = this.#map.latLngToContainerPoint(tag.at);
      return {
        id: tag.id,
        text: tag.text,
        x,
        y: tag.isQuiet ? y + BELOW_PX : y,
        widthPx: this.#width(context, tag) + 8,
      };
    });
  }

  #write(context: CanvasRenderingContext2D, { x, y, text }: Label, tag: NameTag): void {
    context.font = font(tag);
    context.strokeStyle = this.#halo;
    context.lineWidth = 4;
    context.strokeText(text, x, y);
    context.fillStyle = tag.color;
    context.fillText(text, x, y);
  }
}

const says = (tag: NameTag | undefined): string =>
  tag ? [tag.id, tag.text, tag.at.lat, tag.at.lng, tag.color].join('|') : '';

const font = ({ isQuiet }: NameTag): string =>
  `${isQuiet ? '400 11px' : '600 12px'} system-ui, "PingFang SC", "Noto Sans SC", "Microsoft YaHei", sans-serif`;
