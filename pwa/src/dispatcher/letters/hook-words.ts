/** The texts of where e-mails are handed over. */

import { phrases } from '../plan/phrases.ts';

const ZH = {
  intro:
    '没有可供读取的邮箱时，让邮件服务把每封邮件直接交给这里：向下面的地址 POST 原始邮件，用密钥签名。签名方法见文档“客户页面 · 邮件”。',
  url: '接收地址',
  address: '客户写信的邮箱',
  address_about: '从它发出的信不会回复，避免两边来回发信。',
  changed: '当前密钥启用',
  old_until: '上一个密钥有效至',
  last_used: '最近收到邮件',
  never: '还没有收到',
  make: '生成地址和密钥',
  shown_once: '密钥只显示这一次，请立即交给邮件服务：',
  old: '现在的密钥',
  old_24: '再用 24 小时',
  old_168: '再用 7 天',
  old_0: '立即作废',
  renew: '换新密钥',
  withdraw: '停用这个地址',
  sure: '停用后邮件不再从这里进来，以后会得到一个新地址。',
  withdrawn: '已停用，邮件不再从这个地址进来',
};

const EN: Record<keyof typeof ZH, string> = {
  intro:
    'Where there is no mailbox to read, let the mail service hand each e-mail over: it POSTs the e-mail as it came to the address below, signed with the secret. How to sign is told in the documentation, “The customer’s page · By e-mail”.',
  url: 'Address to call',
  address: 'Mailbox customers write to',
  address_about: 'An e-mail from it is never answered, so that none goes round in circles.',
  changed: 'Secret in use since',
  old_until: 'The one before is good until',
  last_used: 'Last e-mail',
  never: 'none yet',
  make: 'Make address and secret',
  shown_once: 'This secret is shown only now. Give it to the mail service:',
  old: 'The secret in use',
  old_24: 'stays good for 24 hours',
  old_168: 'stays good for 7 days',
  old_0: 'ends now',
  renew: 'New secret',
  withdraw: 'Withdraw the address',
  sure: 'No more e-mails come in by it; one made later is another.',
  withdrawn: 'Withdrawn: no more e-mails come in by that address',
};

export const { say } = phrases(ZH, EN);
