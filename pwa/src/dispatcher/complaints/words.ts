/** The texts of complaints, their rules, and the people customers see; fetched with the screens that show them. */

import { texts } from '../i18n/texts.svelte.ts';

const zh = {
  tab: '投诉时限',
  answer_h: '几个工作小时内答复',
  resolve_h: '几个工作小时内解决',
  warn_minutes: '超时前多少分钟提醒',
  open_from_h: '上班（点）',
  open_until_h: '下班（点）',
  calendar: '节假日按国家（如 CN，空为不算）',
  ask_after_days: '完工后第几个工作日回访',
  days: '工作日',
  answered: '已答复客户',
  settle: '已解决',
  answered_by: '{name} 已答复，待解决',
  to_answer: '待答复',
  escalated: '即将超时',
  complaint: '电话投诉',
  saved: '已记录',
  take: '登记投诉',
  said: '客户怎么说',
  promise: '登记后会告诉客户最晚什么时候回电。',
  taken: '已登记，{time} 前给客户回电。',
  leave: '不登记了',
  which: '哪一张工单',
  no_job: '没有找到这样的工单。',
};

const en: Record<keyof typeof zh, string> = {
  tab: 'Complaints',
  answer_h: 'Answered within working hours',
  resolve_h: 'Settled within working hours',
  warn_minutes: 'Warn minutes before a limit',
  open_from_h: 'Work begins (hour)',
  open_until_h: 'Work ends (hour)',
  calendar: 'Holidays of country (CN; empty: none)',
  ask_after_days: 'Ask how it was, working days after',
  days: 'Working days',
  answered: 'Customer answered',
  settle: 'Settled',
  answered_by: 'Answered by {name}, to be settled',
  to_answer: 'To be answered',
  escalated: 'About to be late',
  complaint: 'Complaint by phone',
  saved: 'Noted',
  take: 'Take a complaint',
  said: 'What the customer says',
  promise: 'The customer is told by when they are called back.',
  taken: 'Taken; the customer is called by {time}.',
  leave: 'Leave it',
  which: 'Which job',
  no_job: 'No such job.',
};

export const say = (word: keyof typeof zh, values: Readonly<Record<string, string>> = {}): string =>
  (texts.locale === 'en' ? en : zh)[word].replace(/\{(\w+)\}/g, (_, name: string) => values[name] ?? '');

/** The names of the week's days, Monday first. */
export function weekdays(): string[] {
  const name = new Intl.DateTimeFormat(texts.locale, { weekday: 'short', timeZone: 'UTC' });
  return Array.from({ length: 7 }, (_, index) => name.format(new Date(Date.UTC(2026, 10, 23 + index))));
}
