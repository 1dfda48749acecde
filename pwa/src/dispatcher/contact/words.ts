/** The texts of showing a customer's number; fetched where one is masked. */

import { texts } from '../i18n/texts.svelte.ts';

const zh = {
  show: '显示号码和地址',
  why: '用途',
  book: '约上门时间',
  delay: '通知延误',
  complaint: '处理投诉',
  question: '核实信息',
  other: '其他',
  recorded: '上门前后以外，号码和地址隐藏。查看会记录是谁、为什么。',
  open: '显示',
};

const en: Record<keyof typeof zh, string> = {
  show: 'Show number and address',
  why: 'What for',
  book: 'Agree on a time',
  delay: 'Tell of a delay',
  complaint: 'A complaint',
  question: 'Ask about details',
  other: 'Other',
  recorded: 'Hidden except around the visit. Who looks, and why, is put on record.',
  open: 'Show',
};

export const REASONS = ['book', 'delay', 'complaint', 'question', 'other'] as const;

export const say = (word: keyof typeof zh): string => (texts.locale === 'en' ? en : zh)[word];
