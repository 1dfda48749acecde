import { describe, expect, it } from 'vitest';
import { DayModel } from '../day/day-model.ts';
import { plannedVisit, sampleBoard, wireTechnician, wireVisit } from '../day/sample-board.ts';
import { technicianFromWire, visitFromWire } from '../day/visit.ts';
import { groupsOf } from '../grouping/groups.ts';
import { passes } from './day-filter.ts';
import { formatLens, isFiltering, type Lens, PLAIN, parseLens, toggled, withoutFilters } from './lens.ts';
import { zoneOf } from './zones.ts';

const VENDOR = { id: 'v1', name: 'Xunda' };

function day(): DayModel {
  const model = new DayModel();
  model.load(
    sampleBoard({
      technicians: [
        wireTechnician('li', {
          skills: [
            { skill: 'tv', level: 1 },
            { skill: 'hvac', level: 3 },
          ],
        }),
        wireTechnician('wang', { vendor: VENDOR, skills: [{ skill: 'tv', level: 2 }] }),
        wireTechnician('zhao', { vendor: VENDOR, skills: [] }),
      ],
      visits: [
        { ...plannedVisit('a', 'li', '10:00', '11:00'), address: '北京市朝阳区望京西园 4 号', skill: 'hvac' },
        { ...plannedVisit('b', 'li', '14:00', '15:00'), address: '北京市海淀区中关村 1 号', skill: 'tv' },
        { ...plannedVisit('c', 'wang', '10:30', '11:30'), address: '北京市海淀区学院路 2 号', skill: 'tv' },
      ],
    }),
  );
  return model;
}

const lens = (change: Partial<Lens>): Lens => ({ ...PLAIN, ...change });

function shown(change: Partial<Lens>): string[] {
  const model = day();
  return model
    .visits()
    .filter((visit) => passes(visit, model.technician(visit.technicianId), lens(change)))
    .map(({ jobId }) => jobId);
}

describe('a lens', () => {
  it('comes back from the address as it was put there', () => {
    const wanted = lens({
      whose: ['own', 'v1'],
      zones: ['朝阳区'],
      risks: ['late'],
      text: 'Mrs Wang & 4#',
      group: 'zone',
      folded: ['', '海淀区'],
      zoom: 2.25,
      period: 'week',
    });
    expect(parseLens(formatLens(wanted))).toEqual(wanted);
    expect(formatLens(wanted)).toMatch(/^[!-~]*$/);
  });

  it('is nothing in the address when it is plain', () => {
    expect(formatLens(PLAIN)).toBe('');
    expect(parseLens('')).toEqual(PLAIN);
  });

  it.each(['zoom=0.2', 'zoom=x', 'group=moon', 'period=year', 'nonsense=1'])(
    'takes %j for plain',
    (query) => {
      expect(parseLens(query)).toEqual(PLAIN);
    },
  );

  it('keeps grouping and zoom when its filters are cleared', () => {
    const cleared = withoutFilters(lens({ states: ['done'], text: 'x', group: 'skill', zoom: 2 }));
    expect(isFiltering(cleared)).toBe(false);
    expect(cleared).toEqual(lens({ group: 'skill', zoom: 2 }));
  });

  it('takes a value out by the same click that put it in', () => {
    const once = toggled(PLAIN, 'skills', 'tv');
    expect(once.skills).toEqual(['tv']);
    expect(toggled(once, 'skills', 'tv')).toEqual(PLAIN);
  });
});

describe('what a lens lets through', () => {
  it.each([
    [{}, ['a', 'b', 'c', 'd']],
    [{ whose: ['own'] }, ['a', 'b', 'd']],
    [{ whose: ['v1'] }, ['c', 'd']],
    [{ zones: ['海淀区'] }, ['b', 'c']],
    [{ zones: ['海淀区'], whose: ['own'] }, ['b']],
    [{ skills: ['hvac', 'ac_install'] }, ['a', 'd']],
    [{ risks: ['unassigned'] }, ['d']],
    [{ states: ['assigned'] }, ['a', 'b', 'c']],
    [{ text: 'wang' }, ['c']],
    [{ text: '学院路' }, ['c']],
    [{ types: ['repair'] }, []],
  ] as const)('%j shows %j', (change, jobs) => {
    expect(shown(change as Partial<Lens>).sort()).toEqual([...jobs]);
  });

  it('tells late from at risk', () => {
    const late = (minutes: number) =>
      visitFromWire(wireVisit('x', { late: { projected_start: '2026-11-23T03:00:00Z', minutes } }));
    const li = technicianFromWire(wireTechnician('li'));
    expect(passes(late(5), li, lens({ risks: ['late'] }))).toBe(true);
    expect(passes(late(0), li, lens({ risks: ['late'] }))).toBe(false);
    expect(passes(late(0), li, lens({ risks: ['at_risk'] }))).toBe(true);
  });
});

describe('zoneOf', () => {
  it.each([
    ['北京市朝阳区望京西园 4 号', '望京西园', '朝阳区'],
    ['浦东新区世纪大道 1 号', '', '浦东新区'],
    ['阳光小区 4 号楼', '阳光小区', '阳光小区'],
    ['河北省正定县中山路', '', '正定县'],
    ['1 Chaoyang Road', 'Chaoyang Garden', 'Chaoyang Garden'],
    ['', '', ''],
  ])('%s lies in %s → %s', (address, community, zone) => {
    expect(zoneOf({ address, community })).toBe(zone);
  });
});

describe('groups', () => {
  const of = (by: 'vendor' | 'zone' | 'skill') => {
    const model = day();
    return groupsOf(model, model.technicians, by).map(({ name, technicians }) => [
      name,
      technicians.map(({ id }) => id),
    ]);
  };

  it('has own people first, then vendors', () => {
    expect(of('vendor')).toEqual([
      ['', ['li']],
      ['Xunda', ['wang', 'zhao']],
    ]);
  });

  it('puts everybody where most of their visits are, and last who has none', () => {
    expect(of('zone')).toEqual([
      ['朝阳区', ['li']],
      ['海淀区', ['wang']],
      ['', ['zhao']],
    ]);
  });

  it('goes by the best skill', () => {
    expect(of('skill')).toEqual([
      ['hvac', ['li']],
      ['tv', ['wang']],
      ['', ['zhao']],
    ]);
  });

  it('adds up visits, work and shifts', () => {
    const model = day();
    const [own] = groupsOf(model, model.technicians, 'vendor');
    expect(own).toMatchObject({ visits: 2, workMs: 2 * 3_600_000, shiftMs: 9 * 3_600_000 });
  });
});
