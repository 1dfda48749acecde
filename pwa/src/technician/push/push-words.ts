import { texts } from '../i18n/texts.ts';

/** Kept apart from the app's first texts: most days nobody reads them. */
const WORDS = {
  'zh-CN': {
    title: '不打开也能知道',
    why: '有新工单、安排有变或调度留言时，手机会提醒你。提醒里没有客户的姓名和地址。',
    yes: '打开提醒',
    later: '以后再说',
    setting: '锁屏提醒',
    on: '这部手机会收到提醒',
    off: '打开应用时才能看到变化',
    denied: '浏览器禁止了提醒，请在系统设置里允许',
    failed: '没有打开提醒，请有网络时再试',
  },
  en: {
    title: 'Know without opening the app',
    why: 'The phone tells you of new jobs, a changed plan or a note from the office. It shows no customer’s name or address.',
    yes: 'Tell me',
    later: 'Not now',
    setting: 'Alerts on the lock screen',
    on: 'This phone is told',
    off: 'Changes are seen when the app is open',
    denied: 'The browser forbids alerts. Allow them in the phone’s settings',
    failed: 'Alerts are not on. Try again with a network',
  },
} as const;

export function word(key: keyof (typeof WORDS)['en']): string {
  return WORDS[texts.locale === 'en' ? 'en' : 'zh-CN'][key];
}
