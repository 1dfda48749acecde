import type { ChecklistStep, JobSheet } from '../../api/types.ts';

const CHECKLIST: ChecklistStep[] = [
  { key: 'power', kind: 'check', title: { zh: '已断电', en: 'Power is off' }, required: true },
  {
    key: 'pressure',
    kind: 'reading',
    title: { zh: '压力', en: 'Pressure' },
    required: true,
    unit: 'MPa',
    min: 0.4,
    max: 1.2,
  },
  { key: 'finish', kind: 'photo', title: { zh: '完工照片', en: 'Photo of the result' }, required: true },
];

/** A job as the server tells it; name only what matters to the scenario. */
export function jobSheet(changes: Partial<JobSheet> = {}): JobSheet {
  return {
    id: 'job-1',
    number: 'SM-0001',
    type: 'install',
    status: 'assigned',
    version: 1,
    visit_id: 'visit-1',
    attempt: 1,
    day: '2026-11-23',
    window: { start: '2026-11-23T02:00:00Z', end: '2026-11-23T04:00:00Z' },
    planned: {
      arrive: '2026-11-23T02:00:00Z',
      start: '2026-11-23T02:05:00Z',
      end: '2026-11-23T03:05:00Z',
      travel_s: 900,
      travel_m: 4200,
    },
    offer_expires_at: null,
    customer: { name: '李女士', phone: '19900000001', is_masked: false },
    place: { address: '朝阳区望京西园三区 312 号楼', community: '望京西园三区', lat: 39.99, lng: 116.47 },
    product: {
      sku: 'AC-26',
      name: '壁挂空调 1.5 匹',
      name_en: 'Wall air conditioner',
      category: 'air_conditioner',
    },
    asset: null,
    description: '',
    note: '',
    checklist: CHECKLIST,
    answers: {},
    parts_expected: [],
    parts_used: [],
    photos: [],
    price: { labour_fen: 12000, currency: 'CNY' },
    pays_fen: null,
    acceptance: null,
    call_number: '19900000001',
    map_points: null,
    fault_tree: null,
    fault_code: null,
    ...changes,
  };
}
