/** The texts of the technicians as customers are shown them; fetched with the screen. */

import { texts } from '../i18n/texts.svelte.ts';

const zh = {
  tab: '师傅资料',
  intro: '客户在上门前看到的照片和证书。照片会裁成小方图，去掉拍摄信息。',
  photo: '上传照片',
  photo_of: '{name}的照片',
  remove: '移除',
  certificate: '上传证书图片',
  until: '{name}，有效期至 {day}',
  over: '{name}，{day} 已过期',
  shown: '客户可查看',
  none: '没有登记证书',
  empty: '还没有师傅',
  saved: '已保存',
};

const en: Record<keyof typeof zh, string> = {
  tab: 'Technicians',
  intro:
    'The picture and papers customers see before a visit. Pictures become small squares without the camera’s notes.',
  photo: 'Upload picture',
  photo_of: 'Picture of {name}',
  remove: 'Remove',
  certificate: 'Upload certificate',
  until: '{name}, valid until {day}',
  over: '{name}, ran out on {day}',
  shown: 'customers may see it',
  none: 'No certificate on record',
  empty: 'No technicians yet',
  saved: 'Saved',
};

export const say = (word: keyof typeof zh, values: Readonly<Record<string, string>> = {}): string =>
  (texts.locale === 'en' ? en : zh)[word].replace(/\{(\w+)\}/g, (_, name: string) => values[name] ?? '');
