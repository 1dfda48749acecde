/** The texts of e-mails from customers; fetched with the screens that show them. */

import { texts } from '../i18n/texts.svelte.ts';

const zh = {
  intro: '客户发来的邮件。能对上进行中工单的已自动并入；其余的已回信请客户补全，也可以直接替他登记。',
  waiting: '等待处理',
  settled: '已处理',
  none: '没有等待处理的邮件',
  none_text: '新邮件到了会出现在这里。',
  none_settled: '还没有处理过的邮件',
  none_settled_text: '并入、登记、拒收和搁置的邮件都会列在这里。',
  came: '收到',
  from: '发件人',
  letter: '邮件',
  became: '处理结果',
  no_subject: '（无主题）',
  files: '{count} 个附件，登记后随工单保存',
  owed: '还没有回信',
  owed_why: '回信没有发出：{why}',
  answered: '已回信，请客户补全',
  take_up: '登记成工单',
  dismiss: '搁置',
  reason: '为什么不处理',
  confirm: '确认搁置，删除邮件内容',
  leave: '不搁置了',
  dismissed_now: '已搁置。',
  joined: '已并入工单',
  reported: '已登记成工单',
  refused: '拒收：自动发出的邮件，不回信',
  dismissed: '已搁置：{why}',
  forgotten: '两周没有人处理，内容已删除',
  most: '只列最近 100 封。',
  original: '客户的邮件',
  settled_meanwhile: '这封邮件已经处理过了。',
};

const en: Record<keyof typeof zh, string> = {
  intro:
    'E-mails from customers. One about an open job has joined it; to the others we wrote back and asked for the rest, or you take it up yourself.',
  waiting: 'Waiting',
  settled: 'Done with',
  none: 'No e-mail waits',
  none_text: 'New ones show up here.',
  none_settled: 'No e-mail was dealt with yet',
  none_settled_text: 'What joined a job, became one, was refused or set aside is listed here.',
  came: 'Came',
  from: 'From',
  letter: 'E-mail',
  became: 'What became of it',
  no_subject: '(no subject)',
  files: 'Files with it: {count}; they go with the job once it is made',
  owed: 'Not answered yet',
  owed_why: 'Our answer did not leave: {why}',
  answered: 'Answered: asked for the rest',
  take_up: 'Make a case of it',
  dismiss: 'Set aside',
  reason: 'Why nothing is done',
  confirm: 'Set aside and delete its words',
  leave: 'Keep it',
  dismissed_now: 'Set aside.',
  joined: 'Joined job',
  reported: 'Became job',
  refused: 'Refused: sent by a program, not answered',
  dismissed: 'Set aside: {why}',
  forgotten: 'Nobody went on with it for two weeks; its words are deleted',
  most: 'Only the latest 100 are listed.',
  original: 'The customer’s e-mail',
  settled_meanwhile: 'This e-mail has been dealt with.',
};

export type LetterWord = keyof typeof zh;

export const say = (word: LetterWord, values: Readonly<Record<string, string | number>> = {}): string =>
  (texts.locale === 'en' ? en : zh)[word].replace(/\{(\w+)\}/g, (_, name: string) =>
    String(values[name] ?? ''),
  );
