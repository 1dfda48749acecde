/** Screens and deeds of the console that are found by their names, in either language or by pinyin initials. */

import type { ConsoleApp } from '../console-app.svelte.ts';
import type { Right } from '../may.ts';
import type { Screen } from '../route.ts';

export interface Command {
  readonly id: string;
  readonly zh: string;
  readonly en: string;
  /** Initials of what it is called in Chinese, and other words for it. */
  readonly initials: readonly string[];
  readonly also: string;
  readonly right: Right;
  readonly isForAdmin: boolean;
  readonly run: (app: ConsoleApp) => void;
}

const MOST = 6;

type Named = readonly [zh: string, en: string, initials: string, also: string];

const at = (screen: Screen, id: string | null, right: Right, named: Named, isForAdmin = false): Command => ({
  id: id ? `${screen}/${id}` : screen,
  ...names(named),
  right,
  isForAdmin,
  run: (app) => app.go({ screen, id, jobId: null }),
});

const names = ([zh, en, initials, also]: Named): Pick<Command, 'zh' | 'en' | 'initials' | 'also'> => ({
  zh,
  en,
  initials: initials.split(' '),
  also,
});

const set = (id: string, named: Named, isForAdmin = false): Command => {
  const [zh, en, initials, also] = named;
  return at('settings', id, 'plan', [`设置 › ${zh}`, `Settings › ${en}`, `sz ${initials}`, also], isForAdmin);
};

export const COMMANDS: readonly Command[] = [
  at('day', null, 'board', ['排班', 'Day board', 'pb', 'schedule 看板 工单']),
  {
    id: 'today',
    ...names(['今天的排班', 'Today’s board', 'jt jtdpb', 'now']),
    right: 'board',
    isForAdmin: false,
    run: (app) => app.go({ screen: 'day', id: null, jobId: null, day: null }),
  },
  {
    id: 'plan',
    ...names(['优化排班', 'Optimise the day', 'yhpb pb', 'optimize plan 自动排班']),
    right: 'plan',
    isForAdmin: false,
    run: (app) => {
      app.asked = { what: 'plan' };
      app.go({ screen: 'day', id: null, jobId: null, lens: '' });
    },
  },
  at('intake', null, 'intake', ['接电话', 'Take a call', 'jdh', 'new case 报修 新建']),
  at('imports', null, 'import', ['订单导入', 'Order files', 'dddr', 'import upload 上传']),
  at('places', null, 'locate', ['待定位', 'Needs location', 'ddw', 'address map 地址']),
  at('messages', null, 'share', ['消息', 'Messages', 'xx', 'sms wechat 短信 微信']),
  at('followups', null, 'share', ['待办', 'To do', 'db', 'follow-ups complaints e-mail 回访 投诉 邮件']),
  at('statements', null, 'statements', [
    '结算单',
    'Statements',
    'jsd',
    'vendor settlement invoice 服务商 对账',
  ]),
  at('settings', 'people', 'people', [
    '师傅资料：班次、手机登录',
    'Technicians: shifts, phones',
    'sf sfzl bc gbc sjdl',
    'shift editor hours pair qr code photo certificate 改班次 二维码 登录码 照片 证书',
  ]),
  set('booking', ['预约规则', 'Booking', 'yygz', 'windows slots 时段 改约']),
  set('messages', ['消息规则', 'Messages', 'xxgz', 'quiet hours channel 免打扰 渠道']),
  set('complaints', ['投诉', 'Complaints', 'ts', 'refund 退款 补偿']),
  set('plans', ['排班目标', 'Objectives', 'pbmb', 'optimise cost plan 优化']),
  set('live', ['当天与自动改派', 'Live day', 'dt zdgp', 'replanning automatic 重排']),
  set('office', ['派单与通话', 'Offers and calls', 'pdyth', 'office 抢单 电话'], true),
  set('letters', ['邮件接入', 'E-mails', 'yjjr', 'postbox 邮箱'], true),
  set('tokens', ['API 令牌', 'API tokens', 'lp', 'integration key 集成 密钥 接口'], true),
];

/** Those a person may use and whose name, initials or other words fit; first the ones that begin with it. */
export function commandsFor(text: string, may: (right: Right) => boolean, isAdmin: boolean): Command[] {
  const said = text.trim().toLowerCase();
  if (said.length < 2) return [];
  return COMMANDS.filter((one) => may(one.right) && (isAdmin || !one.isForAdmin))
    .map((one) => ({ one, rank: rankOf(one, said) }))
    .filter(({ rank }) => rank > 0)
    .sort((a, b) => b.rank - a.rank)
    .slice(0, MOST)
    .map(({ one }) => one);
}

function rankOf({ zh, en, initials, also }: Command, said: string): number {
  const called = [zh, en.toLowerCase()];
  if (called.some((name) => name.startsWith(said))) return 4;
  if (initials.some((some) => some.startsWith(said))) return 3;
  if (called.some((name) => name.includes(said))) return 2;
  return also.toLowerCase().includes(said) ? 1 : 0;
}
