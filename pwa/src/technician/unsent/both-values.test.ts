import { beforeAll, expect, it } from 'vitest';
import type { Command, Operation } from '../../sync/operation.ts';
import { jobSheet } from '../../sync/testing/job-sheet.ts';
import { texts } from '../i18n/texts.ts';
import { bothValues } from './both-values.ts';

beforeAll(() => texts.use('zh-CN'));

function refused(command: Command): Operation {
  const failure = { code: 'transition_refused', message: '', theirs: null };
  const envelope = { seq: 1, id: 'op', job_id: 'job-1', device_at: '2026-11-23T01:00:00Z', base_version: 1 };
  return { ...envelope, blobs: [], state: 'conflict', attempts: 1, failure, ...command };
}

it('puts the step taken beside the state the dispatcher has set', () => {
  const depart = refused({ kind: 'depart', payload: {} });
  expect(bothValues(depart, jobSheet({ status: 'cancelled' }))).toEqual({ mine: '在途', theirs: '已取消' });
});

it('puts both answers of a question side by side', () => {
  const answer = refused({ kind: 'answer', payload: { step: 'pressure', value: 0.9 } });
  const theirs = jobSheet({ status: 'on_site', answers: { pressure: 0.7 } });
  expect(bothValues(answer, theirs)).toEqual({ mine: '0.9 MPa', theirs: '0.7 MPa' });
  expect(bothValues(answer, jobSheet())?.theirs).toBe('未填');
});

it('puts both notes side by side', () => {
  const note = refused({ kind: 'note', payload: { text: '门铃坏了' } });
  expect(bothValues(note, jobSheet({ note: '先打电话' }))).toEqual({ mine: '门铃坏了', theirs: '先打电话' });
});

it('puts both serial numbers and both diagnoses side by side', () => {
  const serial = refused({ kind: 'serial', payload: { serial: 'SN-3' } });
  expect(bothValues(serial, jobSheet({ asset: { id: 'a', serial: 'SN-2' } }))).toEqual({
    mine: 'SN-3',
    theirs: 'SN-2',
  });
  const failure = { code: 'edited_by_both', message: '', theirs: null };
  const diagnose = { ...refused({ kind: 'diagnose', payload: { fault_code: 'E4', text: '' } }), failure };
  expect(bothValues(diagnose, jobSheet({ fault_code: 'E1' }))).toEqual({ mine: 'E4', theirs: 'E1' });
});

it('says so when the job is no longer this technician’s', () => {
  const depart = refused({ kind: 'depart', payload: {} });
  expect(bothValues(depart, jobSheet(), true)).toEqual({ mine: '在途', theirs: '已不在你名下' });
});

it('compares nothing where the job is not known, or nothing differs', () => {
  const part = refused({ kind: 'return_part', payload: { use_id: 'u' } });
  expect(bothValues(part, undefined)).toBeNull();
  expect(bothValues(part, jobSheet())).toBeNull();
});
