import type { SameKeys } from '../../../i18n/catalog.ts';
import type { terms as zh } from '../zh-cn/terms.ts';

export const terms: SameKeys<typeof zh> = {
  'skill.hvac': 'Air conditioning',
  'skill.water_heater': 'Water heaters',
  'skill.gas': 'Gas',
  'skill.kitchen': 'Kitchen',
  'skill.laundry': 'Laundry',
  'skill.tv': 'TV',
  'skill.lock': 'Smart locks',
  'skill.smart_home': 'Smart home',
  'certificate.refrigeration': 'Refrigeration',
  'certificate.gas_fitter': 'Gas fitter',
  'certificate.electrician': 'Electrician',
  'channel.hotline': 'Hotline',
  'channel.web': 'Web',
  'channel.qr': 'QR code',
  'channel.order': 'Shop order',
  'channel.api': 'API',
  'channel.email': 'E-mail',
  'channel.file': 'File',
  'channel.jd': 'JD',
  'channel.tmall': 'Tmall',
  'channel.taobao': 'Taobao',
  'channel.pdd': 'Pinduoduo',
  'channel.douyin': 'Douyin',

  'error.no_network': 'No network, so nothing was saved. Try again once it is back.',
  'error.unexpected': 'Something unexpected happened and nothing was saved. Try again.',
  'error.transition_refused': 'The job has moved on; this no longer applies.',
  'error.double_booked': 'This technician already has work at that time.',
  'error.bad_input': 'Something is missing or not in the right form.',
};
