/** The texts of a customer's addresses for messages. */

import { phrases } from '../plan/phrases.ts';

const ZH = {
  title: '邮箱、微信与消息意愿',
  email: '电子邮箱',
  wechat: '微信 OpenID（公众号）',
  about: '只填客户同意使用的联系方式；清空即不再使用。对该客户以后的工单同样有效。',
  refused: '客户不要主动发的消息（改期、取消等必须告知的仍会发）',
  saved: '联系方式已保存。',
  chose_no: '不要消息',
  chose_yes: '愿意收消息',
  'how.link': '客户在网页上选的',
  'how.sms': '客户短信回复',
  'how.office': '办公室登记',
} as const;

const EN: Record<keyof typeof ZH, string> = {
  title: 'E-mail, WeChat and wishes about messages',
  email: 'E-mail',
  wechat: 'WeChat OpenID (official account)',
  about:
    'Only what the customer has agreed to; empty it to stop using it. It holds for their later jobs too.',
  refused: 'No unasked-for messages (they still hear of a changed or cancelled visit)',
  saved: 'Contact saved.',
  chose_no: 'wants no messages',
  chose_yes: 'wants messages',
  'how.link': 'chosen on the web page',
  'how.sms': 'answered by SMS',
  'how.office': 'noted by the office',
};

export const { say, called } = phrases<keyof typeof ZH>(ZH, EN);
