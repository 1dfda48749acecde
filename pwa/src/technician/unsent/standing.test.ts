import { beforeAll, expect, it } from 'vitest';
import type { Operation } from '../../sync/operation.ts';
import { texts } from '../i18n/texts.ts';
import { oldest, standing, tapTime } from './standing.ts';

const ZONE = 'Asia/Shanghai';
const NOON_MS = Date.parse('2026-11-23T04:00:00Z');

beforeAll(() => texts.use('en'));

function tapped(device_at: string, skew_ms = 0): Operation {
  const envelope = { seq: 1, id: 'op', job_id: 'job-1', device_at, skew_ms, base_version: 1, blobs: [] };
  return { ...envelope, state: 'queued', attempts: 40, failure: null, kind: 'depart', payload: {} };
}

it.each([
  [{ isOnline: true, syncState: 'working', waiting: 2, problems: 0 }, 'sending'],
  [{ isOnline: true, syncState: 'idle', waiting: 1, problems: 0 }, 'sending'],
  [{ isOnline: false, syncState: 'working', waiting: 2, problems: 0 }, 'offline'],
  [{ isOnline: true, syncState: 'waiting', waiting: 2, problems: 1 }, 'busy'],
  [{ isOnline: false, syncState: 'signed_out', waiting: 2, problems: 0 }, 'signed_out'],
  [{ isOnline: false, syncState: 'offline', waiting: 0, problems: 1 }, 'refused'],
] as const)('says of %o why it is not sent and what to do', (sync, reason) => {
  const found = standing(sync);
  expect(found.reason).toBe(reason);
  expect(found.why.length * found.todo.length).toBeGreaterThan(0);
});

it('counts what needs a decision', () => {
  const found = standing({ isOnline: true, syncState: 'idle', waiting: 0, problems: 2 });
  expect(found.why).toBe('2 need attention');
});

it.each([
  ['2026-11-23T03:59:30Z', ''],
  ['2026-11-23T03:55:00Z', 'The oldest is from 11:55, 5 min ago'],
  ['2026-11-23T01:12:00Z', 'The oldest is from 09:12, 2 h 48 min ago'],
  ['2026-11-22T23:00:00Z', 'The oldest is from 07:00, 5 h 0 min ago'],
  ['2026-11-20T23:00:00Z', 'The oldest is from Sat 21 Nov 07:00, 2 days ago'],
])('tells since when the oldest of %s waits, not how often it was tried', (at, told) => {
  expect(oldest([tapped('2026-11-23T03:59:59Z'), tapped(at)], ZONE, NOON_MS).replace(',', '')).toBe(
    told.replace(',', ''),
  );
});

it('goes by the server’s clock where the phone’s was wrong', () => {
  const late = tapped('2026-11-23T00:30:00Z', 3 * 3_600_000);
  expect(oldest([late], ZONE, NOON_MS)).toBe('The oldest is from 11:30, 30 min ago');
  expect(tapTime(late, ZONE, NOON_MS)).toBe('11:30');
});
