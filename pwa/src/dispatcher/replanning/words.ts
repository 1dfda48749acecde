/** The texts of live rules and of what the server did by itself. */

import { phrases } from '../plan/phrases.ts';

const ZH = {
  'rules.book_within_h': '报修后几小时内约好时间（空为不限）',
  'rules.warn_minutes': '提前几分钟提醒时限',
  'rules.is_replanning': '让系统自动改派出问题的工单',
  'rules.about':
    '每半分钟看一次当天：要迟到、被拒、没人到岗的工单，在下面的限度内改派给最便宜的师傅。已出发和锁定的不动。',
  'rules.freeze_minutes': '几分钟内要上门的不动',
  'rules.promise_budget': '每天最多改动几个承诺',
  'rules.most_money': '每单最多多花（{money}）',
  'log.title': '自动改派记录',
  'log.about': '{region} {day}：系统做了什么、为什么；没做成的也写明卡在哪条限度。',
  'log.none': '当天没有自动改派',
  'log.none_text': '没有出问题的工单，或自动改派没有开启。',
  'log.at': '时间',
  'log.job': '工单',
  'log.trouble': '出了什么问题',
  'log.outcome': '怎么处理',
  'log.price': '多花',
  'log.promises': '改动承诺',
  'outcome.given': '已改派',
  'outcome.nobody': '没有人能接',
  'outcome.frozen': '马上要上门，不动',
  'outcome.promises': '承诺改动次数已用完',
  'outcome.too_dear': '超过费用上限',
} as const;

const EN: Record<keyof typeof ZH, string> = {
  'rules.book_within_h': 'Hours until a report has a time (empty: any)',
  'rules.warn_minutes': 'Warn so many minutes before a limit',
  'rules.is_replanning': 'Let the system reassign jobs in trouble by itself',
  'rules.about':
    'Every half minute it looks at the day: a job that is late, declined or without its technician goes to the cheapest technician within the limits below. What is under way or locked stays.',
  'rules.freeze_minutes': 'Leave what starts within so many minutes',
  'rules.promise_budget': 'Most promises moved a day',
  'rules.most_money': 'Most it may cost per job ({money})',
  'log.title': 'What was re-planned by itself',
  'log.about':
    '{region}, {day}: what was done and why; where nothing was done, which limit stood in the way.',
  'log.none': 'Nothing was re-planned that day',
  'log.none_text': 'No job was in trouble, or re-planning is off.',
  'log.at': 'At',
  'log.job': 'Job',
  'log.trouble': 'What was the matter',
  'log.outcome': 'What was done',
  'log.price': 'Cost more',
  'log.promises': 'Promises moved',
  'outcome.given': 'Given to another',
  'outcome.nobody': 'Nobody can take it',
  'outcome.frozen': 'About to start: left alone',
  'outcome.promises': 'No promise left to move',
  'outcome.too_dear': 'Dearer than allowed',
};

export const { say, called } = phrases<keyof typeof ZH>(ZH, EN);
