import { texts } from '../i18n/texts.ts';

/** Kept apart from the app's first texts: they come with the screens for extra work. */
const chinese = {
  add: '报增项给客户',
  work: '增项工作',
  hint: '订单以外的工作，先报价、客户签字同意后再做',
  search: '名称或编码',
  choose: '先选增项',
  show: (p: { amount: string }) => `给客户看 ${p.amount}`,
  total: '增项合计',
  statement: '我同意以上增项和价格，完工后一并结算',
  agree: '同意并签字',
  decline: '客户不同意',
  decline_hint: '会记录客户没有同意，这些工作不做也不收费',
  change: '改一改',
  agreed: '客户已同意',
  agreed_by: (p: { signer: string; at: string }) => `${p.signer} ${p.at} 签字同意`,
  declined: (p: { at: string }) => `客户 ${p.at} 没有同意`,
  withdrawn: '没有做，不收费',
  withdraw: '做不了，撤销',
  withdraw_hint: '撤销后不收费，客户的签字仍会保留',
  reason: '原因',
  reason_optional: '原因（可不填）',
};

const english: typeof chinese = {
  add: 'Quote extra work',
  work: 'Work',
  hint: 'Work beyond the order: quote it, have it signed, then do it',
  search: 'Name or code',
  choose: 'Choose what is needed',
  show: (p) => `Show customer ${p.amount}`,
  total: 'Extra work in all',
  statement: 'I agree to this extra work and its price, to be paid when it is done',
  agree: 'Agree and sign',
  decline: 'Customer declines',
  decline_hint: 'It is recorded that the customer did not agree: this work is neither done nor charged',
  change: 'Change',
  agreed: 'agreed on site',
  agreed_by: (p) => `${p.signer} signed at ${p.at}`,
  declined: (p) => `Declined at ${p.at}`,
  withdrawn: 'Not done, not charged',
  withdraw: 'Cannot be done',
  withdraw_hint: 'It will not be charged. The customer’s signature is kept',
  reason: 'Why',
  reason_optional: 'Why (optional)',
};

type Words = typeof chinese;
type Said<K extends keyof Words> = Words[K] extends (values: infer V) => string ? [V] : [];

/** A text of the screens for extra work, in the language in use. */
export function say<K extends keyof Words>(key: K, ...values: Said<K>): string {
  const text: unknown = (texts.locale === 'en' ? english : chinese)[key];
  return typeof text === 'function' ? (text as (value: unknown) => string)(values[0]) : String(text);
}
