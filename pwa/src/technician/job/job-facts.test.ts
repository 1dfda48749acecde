import { beforeAll, describe, expect, it } from 'vitest';
import { jobSheet } from '../../sync/testing/job-sheet.ts';
import { texts } from '../i18n/texts.ts';
import { answerBy, arrivalText, dayText, jobTitle, otherDay, travelText, windowText } from './job-facts.ts';

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

  it('names the day of a job that is not of the day one looks at', () => {
    const tomorrow = jobSheet({ day: '2026-11-24' });
    expect(otherDay(tomorrow, '2026-11-23')).toBe('11月24日 星期二');
    expect(otherDay(tomorrow, '2026-11-24')).toBeNull();
    expect(otherDay(jobSheet({ day: null }), '2026-11-23')).toBeNull();
  });

  it('names the day before the time to answer by, unless that is today', () => {
    const until = '2026-11-23T15:30:00Z';
    expect(answerBy(until, ZONE, at('10:00:00'))).toBe('23:30');
    expect(answerBy(until, 'Pacific/Auckland', at('10:00:00'))).toBe('11月24日 星期二 04:30');
  });

  it('names a day alike wherever the phone is', () => {
    expect(dayText('2026-11-23')).toBe('11月23日 星期一');
  });

  it('promises no arrival at a job that is over', () => {
    expect(arrivalText(jobSheet({ status: 'signed' }), ZONE, at('01:00:00'))).toBeNull();
  });

  it('tells the drive when the plan knows it', () => {
    expect(travelText(job)).toBe('4.2 km · 15 分钟');
    expect(travelText(jobSheet({ planned: null }))).toBeNull();
  });
});
