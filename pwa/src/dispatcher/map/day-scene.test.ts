import { describe, expect, it } from 'vitest';
import { DayModel } from '../day/day-model.ts';
import { plannedVisit, sampleBoard, wireTechnician } from '../day/sample-board.ts';
import { KnownParts, type SceneItem, sceneOf } from './day-scene.ts';
import type { Palette } from './palette.ts';
import { boxOf, isAt, meet } from './view-geometry.ts';

const PALETTE: Palette = {
  ground: '#eee',
  paper: '#fff',
  line: '#ccc',
  ink: '#111',
  quietInk: '#555',
  states: {
    booked: 'grey',
    assigned: 'indigo',
    en_route: 'blue',
    on_site: 'teal',
    done: 'green',
    at_risk: 'amber',
    failed: 'red',
  },
};
const NOBODY = { jobId: null, technicianId: null };
const AT = Date.parse('2026-11-23T03:00:00Z');

function day(positionAt: string | null = null): DayModel {
  const home = { lat: 39.9, lng: 116.4 };
  const position = positionAt ? { ...home, at: positionAt, accuracy_m: 10 } : null;
  const model = new DayModel();
  model.load(
    sampleBoard({
      technicians: [wireTechnician('li', { home, position }), wireTechnician('wang', { home })],
      visits: [plannedVisit('a', 'li', '10:00', '11:00'), plannedVisit('b', 'wang', '10:00', '11:00')],
    }),
  );
  return model;
}

function scene(
  source: DayModel,
  selected: { jobId: string | null; technicianId: string | null } = NOBODY,
): SceneItem[] {
  return sceneOf({ source, loose: [], colors: new Map(), nowMs: AT }, selected, PALETTE);
}

const item = (items: SceneItem[], id: string): SceneItem | undefined => items.find((each) => each.id === id);

describe('sceneOf', () => {
  it('has lines beneath stops beneath people', () => {
    const kinds = scene(day('2026-11-23T02:59:00Z')).map(({ kind }) => kind);
    expect(kinds).toEqual(['line', 'line', 'stop', 'stop', 'person']);
  });

  it('brings the chosen route to the front and dims the others', () => {
    const items = scene(day(), { jobId: null, technicianId: 'li' });
    expect(items.filter(({ kind }) => kind === 'line').map(({ id }) => id)).toEqual(['line-wang', 'line-li']);
    expect(item(items, 'stop-b')?.alpha).toBeLessThan(1);
    expect(item(items, 'stop-a')?.alpha).toBe(1);
  });

  it('draws a person hollow whose position is old', () => {
    expect(item(scene(day('2026-11-23T02:58:00Z')), 'person-li')).not.toMatchObject({ fill: PALETTE.paper });
    expect(item(scene(day('2026-11-23T02:54:00Z')), 'person-li')).toMatchObject({ fill: PALETTE.paper });
  });

  it('rings the chosen visit', () => {
    expect(scene(day(), { jobId: 'a', technicianId: 'li' }).at(-1)).toMatchObject({
      kind: 'ring',
      stroke: '#111',
    });
  });

  it('adds the very same things again for a technician whose day is as before', () => {
    const source = day();
    const known = new KnownParts();
    const shown = (): SceneItem[] =>
      sceneOf({ source, loose: [], colors: new Map(), nowMs: AT }, NOBODY, PALETTE, known);
    const before = shown();
    source.move('a', { technicianId: 'li', planned: source.visit('b')?.planned ?? null });
    const after = shown();
    expect(item(after, 'stop-b')).toBe(item(before, 'stop-b'));
    expect(item(after, 'stop-a')).not.toBe(item(before, 'stop-a'));
    expect(after).toEqual(before);
  });
});

describe('places on the canvas', () => {
  const items = scene(day());
  const [line, stop] = [items[0], items[2]] as [SceneItem, SceneItem];

  it('finds a stop within its circle and a line along its legs', () => {
    expect([isAt([50, 50], stop, 55, 50), isAt([50, 50], stop, 70, 50)]).toEqual([true, false]);
    const legs = [0, 0, 100, 0, 100, 100];
    expect([isAt(legs, line, 60, 2), isAt(legs, line, 98, 40), isAt(legs, line, 50, 50)]).toEqual([
      true,
      true,
      false,
    ]);
  });

  it('knows what a change touches', () => {
    const box = boxOf([10, 20, 30, 5], 2);
    expect(box).toEqual({ left: 8, top: 3, right: 32, bottom: 22 });
    expect(meet(box, boxOf([40, 10], 5))).toBe(false);
    expect(meet(box, boxOf([40, 10], 9))).toBe(true);
  });
});
