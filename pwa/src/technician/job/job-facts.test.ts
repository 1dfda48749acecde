import { beforeAll, describe, expect, it } from 'vitest';
import { jobSheet } from '../../sync/testing/job-sheet.ts';
import { texts } from '../i18n/texts.ts';
import { arrivalText, jobTitle, travelText, windowText } from './job-facts.ts';

const ZONE = 'Asia/Shanghai';
const at = (time: string) => Date.parse(`2026-11-23T${time}Z`);

beforeAll(() => texts.use('zh-CN'));

describe('what a technician is told of a job', () => {
  const job = jobSheet({ status: 'accepted' });

  it('names the work and the promise', () => {
    expect([jobTitle(job), windowText(job, ZONE)]).toEqual(['安装 · 壁挂空调 1.5 匹', '10:00–12:00']);
    expect(windowText(jobSheet({ window: null, planned: null }), ZONE)).toBe('时间待定');
  });

  it('says the planned arrival while it can be met, and then when it can be', () => {
    expect(arrivalText(job, ZONE, at('01:00:00'))).toBe('预计 10:00 到');
    expect(arrivalText(job, ZONE, at('02:30:00'))).toBe('预计 10:45 到');
  });

  it('promises no arrival at a job that is over', () => {
    expect(arrivalText(jobSheet({ status: 'signed' }), ZONE, at('01:00:00'))).toBeNull();
  });

  it('tells the drive when the plan knows it', () => {
    expect(travelText(job)).toBe('4.2 km · 15 分钟');
    expect(travelText(jobSheet({ planned: null }))).toBeNull();
  });
});
