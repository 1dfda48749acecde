/** The texts of the vendors' months; fetched with the screen. */

import { texts } from '../i18n/texts.svelte.ts';

const zh = {
  title: '结算单',
  intro: '服务商每月应结的钱：客户签字的每次上门，按派单那一刻的结算价，算在签字的月份。',
  before: '上个月',
  after: '下个月',
  present: '本月',
  vendor: '服务商',
  visits: '签字的上门',
  unpriced: '无结算价',
  total: '应结金额',
  all: '合计',
  no_vendors: '还没有服务商',
  no_vendors_text: '自有师傅的上门不结算，所以这里是空的。',
  back: '返回所有服务商',
  none: '这个月还没有签字的上门',
  none_text: '客户签字后，这次上门就会列在这里。',
  gone: '没有这家服务商，或不归你看。',
  download: '下载表格（CSV）',
  sum: '{visits} 次上门，应结 {total}',
  sum_unpriced: '，其中 {count} 次派单时没有结算价，未计入，请另行商定',
  day: '日期',
  job: '工单',
  attempt: '第 {count} 次上门',
  technician: '师傅',
  type: '类型',
  product: '品类与产品',
  pays: '结算价',
  hash: '签字内容',
  hash_of: '签字内容的哈希：{hash}',
  no_price: '无结算价',
  reading: '正在读取，已有 {shown} / {all}',
};

const en: Record<keyof typeof zh, string> = {
  title: 'Statements',
  intro:
    'What each vendor is paid for a month: every visit a customer signed for, at the tariff of the moment it was given, in the month of the signature.',
  before: 'Month before',
  after: 'Month after',
  present: 'This month',
  vendor: 'Vendor',
  visits: 'Signed visits',
  unpriced: 'Without a price',
  total: 'To be paid',
  all: 'Together',
  no_vendors: 'No vendors yet',
  no_vendors_text: 'Visits of your own technicians are not settled here.',
  back: 'All vendors',
  none: 'No signed visit in this month yet',
  none_text: 'A visit is listed here once its customer has signed.',
  gone: 'There is no such vendor, or it is not yours to see.',
  download: 'Download table (CSV)',
  sum: '{visits} visits, {total} to be paid',
  sum_unpriced: '; {count} of them had no tariff when given: they are in no sum and for you to settle',
  day: 'Day',
  job: 'Job',
  attempt: 'visit {count}',
  technician: 'Technician',
  type: 'Type',
  product: 'Category and product',
  pays: 'Pays',
  hash: 'Signed paper',
  hash_of: 'Hash of what was signed: {hash}',
  no_price: 'no tariff',
  reading: 'Reading, {shown} of {all} so far',
};

export const say = (word: keyof typeof zh, values: Readonly<Record<string, string | number>> = {}): string =>
  (texts.locale === 'en' ? en : zh)[word].replace(/\{(\w+)\}/g, (_, name: string) =>
    String(values[name] ?? ''),
  );

const CATEGORIES: Readonly<Record<string, string>> = {
  air_conditioner: '空调',
  dishwasher: '洗碗机',
  gas_hob: '燃气灶',
  gas_water_heater: '燃气热水器',
  robot_vacuum: '扫地机器人',
  smart_lock: '智能锁',
  tv: '电视',
  washing_machine: '洗衣机',
  water_heater: '热水器',
};

/** A category in the console's language; the code, readable, where there is no word for it. */
export function category(code: string): string {
  const chinese = texts.locale === 'en' ? undefined : CATEGORIES[code];
  return chinese ?? (code === 'tv' ? 'TV' : code.replace(/_/g, ' '));
}
