/** The texts of the search over everything that only it needs; fetched with it. */

import { texts } from '../i18n/texts.svelte.ts';

const zh = {
  commands: '页面和操作',
  technicians: '师傅',
  customers: '没有进行中工单的客户',
  own: '自有',
  call: '接电话',
};

const en: Record<keyof typeof zh, string> = {
  commands: 'Screens and commands',
  technicians: 'Technicians',
  customers: 'Customers without work under way',
  own: 'own',
  call: 'take a call',
};

export const say = (word: keyof typeof zh): string => (texts.locale === 'en' ? en : zh)[word];
