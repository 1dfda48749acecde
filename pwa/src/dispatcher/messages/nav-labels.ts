/** The words in the console's navigation, apart from the screens that are fetched later. */

const LABELS = {
  messages: ['消息', 'Messages'],
  followups: ['待办', 'To do'],
  statements: ['结算单', 'Statements'],
  settings: ['设置', 'Settings'],
  people: ['师傅', 'Technicians'],
} as const;

export const officeLabel = (screen: keyof typeof LABELS, locale: string): string =>
  LABELS[screen][locale === 'en' ? 1 : 0];
