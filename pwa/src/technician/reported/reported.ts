import type { Locale } from '../../i18n/catalog.ts';

/** A customer's picture or video, at `/api/blobs/{sha256}`. */
export interface Reported {
  readonly sha256: string;
  readonly kind: 'photo' | 'proof' | 'video' | 'rating';
}

/** Kept apart from the app's first texts, as they are read on a job's screen only. */
const WORDS = {
  'zh-CN': {
    title: '客户发来的',
    photo: '客户的照片 {number}',
    proof: '购买凭证 {number}',
    video: '客户拍的视频',
    download: '这部手机播放不了，下载视频',
  },
  en: {
    title: 'From the customer',
    photo: 'The customer’s photo {number}',
    proof: 'Proof of purchase {number}',
    video: 'The customer’s video',
    download: 'This phone can’t play it: download the video',
  },
} as const;

export function reportedWord(locale: Locale, key: keyof (typeof WORDS)['en'], number = 0): string {
  return WORDS[locale === 'en' ? 'en' : 'zh-CN'][key].replace('{number}', String(number));
}
