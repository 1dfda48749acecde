import { describe, expect, it } from 'vitest';
import { plannedVisit, wireTechnician } from '../day/sample-board.ts';
import { technicianFromWire, visitFromWire } from '../day/visit.ts';
import { placeLabels } from './label-layout.ts';
import { ROUTE_COLORS, routeStyle } from './route-colors.ts';
import { boundsOf, routeLine } from './route-lines.ts';

const LIGHT_GROUND = '#e9ecf0';
const DARK_GROUND = '#1a2026';

function luminance(hex: string): number {
  const channel = (from: number): number => {
    const value = Number.parseInt(hex.slice(from, from + 2), 16) / 255;
    return value <= 0.04045 ? value / 12.92 : ((value + 0.055) / 1.055) ** 2.4;
  };
  return 0.2126 * channel(1) + 0.7152 * channel(3) + 0.0722 * channel(5);
}

function contrast(a: string, b: string): number {
  const [dark = 0, light = 0] = [luminance(a), luminance(b)].sort((x, y) => x - y);
  return (light + 0.05) / (dark + 0.05);
}

describe('route colours', () => {
  it.each(ROUTE_COLORS)(
    '$light and $dark are readable as text on the ground of the map',
    ({ light, dark }) => {
      expect(contrast(light, LIGHT_GROUND)).toBeGreaterThanOrEqual(3.5);
      expect(contrast(dark, DARK_GROUND)).toBeGreaterThanOrEqual(4.5);
    },
  );

  it('give technicians who share a colour different dashes', () => {
    const first = routeStyle(0, 'light');
    const later = routeStyle(ROUTE_COLORS.length, 'light');
    expect(later.color).toBe(first.color);
    expect(later.dash).not.toBe(first.dash);
  });
});

describe('routeLine', () => {
  const li = technicianFromWire(wireTechnician('li', { home: { lat: 39.9, lng: 116.4 } }));

  it('goes from home through the visits and skips what has no place', () => {
    const far = visitFromWire({ ...plannedVisit('a', 'li', '10:00', '11:00'), lat: 40.1, lng: 116.4 });
    const nowhere = visitFromWire({ ...plannedVisit('b', 'li', '12:00', '13:00'), lat: null, lng: null });
    const near = visitFromWire({ ...plannedVisit('c', 'li', '14:00', '15:00'), lat: 40.11, lng: 116.4 });
    const line = routeLine(li, [far, nowhere, near]);
    expect(line.points).toHaveLength(3);
    expect(line.labelAt).toEqual({ lat: 40, lng: 116.4 });
  });

  it('puts the name at home when there is nowhere to go', () => {
    expect(routeLine(li, []).labelAt).toEqual({ lat: 39.9, lng: 116.4 });
  });
});

describe('boundsOf', () => {
  it('covers every point and is nothing for none', () => {
    expect(
      boundsOf([
        { lat: 1, lng: 5 },
        { lat: 3, lng: 2 },
      ]),
    ).toEqual({ south: 1, west: 2, north: 3, east: 5 });
    expect(boundsOf([])).toBeNull();
  });
});

describe('placeLabels', () => {
  const view = { left: 0, top: 0, right: 200, bottom: 100 };
  const label = (id: string, x: number, y: number) => ({ id, text: id, x, y, widthPx: 40 });

  it('leaves out a name that would cover an earlier one', () => {
    const placed = placeLabels([label('a', 50, 50), label('b', 60, 55), label('c', 120, 50)], 16, view);
    expect(placed.map((name) => name.id)).toEqual(['a', 'c']);
  });

  it('leaves out a name that the edge would cut', () => {
    expect(placeLabels([label('a', 10, 50)], 16, view)).toEqual([]);
  });
});
