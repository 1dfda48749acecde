/** Draws a day's scene on one canvas over the map: of a change only the places it touches are painted again. */

import L from 'leaflet';
import { isSame } from '../day/is-same.ts';
import type { LatLng } from '../day/wire.ts';
import type { SceneItem } from './day-scene.ts';
import type { Box } from './label-layout.ts';
import { type DotLook, MARGIN_PX, type Sprite, SpriteSheet } from './sprites.ts';
import { boxOf, covering, type Flat, isAt, meet, type Scale } from './view-geometry.ts';

/** How much more than the view is drawn on each side, so that a drag shows no edge at once. */
const PADDING = 0.1;

/** Where the projection of the web ends, in degrees. */
const MOST_LAT = 85.0511287798;

/** As many places are painted each for itself; what covers more of them is mostly the whole map. */
const APART = 24;

/** A place on the world as a square of side 1. */
interface Spot {
  readonly x: number;
  readonly y: number;
}

interface Placed {
  readonly item: SceneItem;
  readonly flat: Flat;
  readonly box: Box;
}

export class SceneCanvas extends L.Layer {
  readonly #canvas = L.DomUtil.create('canvas', 'leaflet-zoom-animated');
  readonly #worlds = new WeakMap<LatLng, Spot>();
  readonly #sprites = new SpriteSheet();
  #placed = new Map<string, Placed>();
  #scale: Scale = { zoomPx: 1, left: 0, top: 0 };
  #size = L.point(0, 0);
  #origin = L.latLng(0, 0);
  #zoom = 0;

  override onAdd(map: L.Map): this {
    map.getPanes().overlayPane.append(this.#canvas);
    this.#frame();
    return this;
  }

  override onRemove(): this {
    this.#canvas.remove();
    return this;
  }

  override getEvents(): Record<string, L.LeafletEventHandlerFn> {
    return {
      moveend: () => this.#frame(), // told of every new size as well
      zoom: () => this.#stretch(this._map.getCenter(), this._map.getZoom()),
      zoomanim: (event) => {
        const { center, zoom } = event as L.ZoomAnimEvent;
        this.#stretch(center, zoom);
      },
    };
  }

  /** Shows these from back to front; what looks as before is not painted again. */
  show(items: readonly SceneItem[]): void {
    const before = this.#placed;
    const changed: Box[] = [];
    this.#placed = new Map();
    for (const item of items) {
      const old = before.get(item.id);
      const isOld = old !== undefined && isSame(old.item, item);
      const placed = isOld ? old : this.#place(item);
      this.#placed.set(item.id, placed);
      before.delete(item.id);
      if (!isOld) changed.push(placed.box, ...(old ? [old.box] : []));
    }
    for (const gone of before.values()) changed.push(gone.box);
    if (changed.length > APART) this.#paint(covering(changed));
    else for (const box of changed) this.#paint(box);
  }

  /** The front-most thing at a point of the map's container, in pixels. */
  hit(point: L.Point): SceneItem | null {
    const { x, y } = this._map.containerPointToLayerPoint(point).subtract(this.#corner());
    const found = [...this.#placed.values()].filter((placed) => isAt(placed.flat, placed.item, x, y));
    const dots = found.filter(({ item }) => item.kind !== 'line' && item.kind !== 'ring');
    const lines = found.filter(({ item }) => item.kind === 'line');
    return (dots.at(-1) ?? lines.at(-1))?.item ?? null;
  }

  /** Lays the canvas over the view as it is now and draws everything. */
  #frame(): void {
    const map = this._map;
    const view = map.getSize();
    const size = view.multiplyBy(1 + 2 * PADDING).round();
    const corner = map.containerPointToLayerPoint(view.multiplyBy(-PADDING)).round();
    L.DomUtil.setPosition(this.#canvas, corner);
    this.#zoom = map.getZoom();
    this.#origin = map.layerPointToLatLng(corner);
    const first = corner.add(map.getPixelOrigin());
    this.#scale = { zoomPx: 256 * 2 ** this.#zoom, left: first.x, top: first.y };
    this.#fill(size);
    if (this.#placed.size === 0) return; // and nothing was painted that would have to go
    for (const [id, { item }] of this.#placed) this.#placed.set(id, this.#place(item));
    this.#paint(null);
  }

  #fill(size: L.Point): void {
    if (size.equals(this.#size)) return;
    this.#size = size;
    const ratio = window.devicePixelRatio || 1;
    this.#canvas.width = size.x * ratio;
    this.#canvas.height = size.y * ratio;
    this.#canvas.style.width = `${size.x}px`;
    this.#canvas.style.height = `${size.y}px`;
  }

  /** While the map zooms the picture is stretched; it is drawn anew when the map stands. */
  #stretch(center: L.LatLng, zoom: number): void {
    const map = this._map;
    const pane = L.DomUtil.getPosition(map.getPanes().mapPane);
    const first = map.project(center, zoom).subtract(map.getSize().divideBy(2)).add(pane).round();
    const corner = map.project(this.#origin, zoom).subtract(first);
    L.DomUtil.setTransform(this.#canvas, corner, map.getZoomScale(zoom, this.#zoom));
  }

  #corner(): L.Point {
    return L.point(this.#scale.left, this.#scale.top).subtract(this._map.getPixelOrigin());
  }

  #place(item: SceneItem): Placed {
    const points = item.kind === 'line' ? item.points : [item.at];
    const { zoomPx, left, top } = this.#scale;
    const flat: number[] = [];
    for (const at of points) {
      const { x, y } = this.#world(at);
      flat.push(x * zoomPx - left, y * zoomPx - top);
    }
    const reach = item.kind === 'line' ? item.widthPx : item.radiusPx + item.strokePx + MARGIN_PX;
    return { item, flat, box: boxOf(flat, reach) };
  }

  /** Projecting is half of placing, and the same places come again with every view. */
  #world(at: LatLng): Spot {
    const known = this.#worlds.get(at);
    if (known) return known;
    const world = worldOf(at);
    this.#worlds.set(at, world);
    return world;
  }

  #paint(area: Box | null): void {
    const context = this.#canvas.getContext('2d');
    if (!context) return;
    const ratio = window.devicePixelRatio || 1;
    const part = area ?? { left: 0, top: 0, right: this.#size.x, bottom: this.#size.y };
    const [x, y] = [Math.floor(part.left), Math.floor(part.top)];
    const [width, height] = [Math.ceil(part.right) - x, Math.ceil(part.bottom) - y];
    context.save();
    context.scale(ratio, ratio);
    context.clearRect(x, y, width, height);
    context.beginPath();
    context.rect(x, y, width, height);
    context.clip();
    const seen: Placed[] = [];
    for (const placed of this.#placed.values()) if (meet(placed.box, part)) seen.push(placed);
    const sprites = seen.map(({ item }) => (item.kind === 'line' ? null : this.#sprites.add(lookOf(item))));
    for (const [at, placed] of seen.entries()) this.#draw(context, placed, sprites[at] ?? null);
    context.restore();
  }

  #draw(context: CanvasRenderingContext2D, { item, flat }: Placed, sprite: Sprite | null): void {
    context.globalAlpha = item.alpha;
    if (item.kind === 'line') strokeLine(context, flat, item);
    else if (sprite) this.#sprites.copy(context, sprite, flat[0] ?? 0, flat[1] ?? 0);
  }
}

/** The same as the map's own projection, without an object for each of its steps. */
function worldOf({ lat, lng }: LatLng): Spot {
  const sine = Math.sin((Math.max(-MOST_LAT, Math.min(MOST_LAT, lat)) * Math.PI) / 180);
  return { x: lng / 360 + 0.5, y: 0.5 - Math.log((1 + sine) / (1 - sine)) / (4 * Math.PI) };
}

/** What a person's picture says besides what every dot does. */
function lookOf(item: Exclude<SceneItem, { kind: 'line' }>): DotLook {
  return item.kind === 'person'
    ? { ...item, initial: { letter: item.name.slice(0, 1), ink: item.ink } }
    : item;
}

function strokeLine(
  context: CanvasRenderingContext2D,
  flat: Flat,
  { color, widthPx, dash }: Extract<SceneItem, { kind: 'line' }>,
): void {
  context.beginPath();
  for (let i = 0; i < flat.length; i += 2) context.lineTo(flat[i] ?? 0, flat[i + 1] ?? 0);
  context.setLineDash(dash ? dash.split(' ').map(Number) : []);
  context.lineWidth = widthPx;
  context.strokeStyle = color;
  // Round ends of a thousand dashes take as long again as the lines themselves.
  context.lineCap = 'butt';
  context.lineJoin = 'bevel';
  context.stroke();
}
