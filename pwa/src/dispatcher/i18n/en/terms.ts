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
  'channel.erp': 'Own list',
  'channel.jd': 'JD',
  'channel.tmall': 'Tmall',
  'channel.taobao': 'Taobao',
  'channel.pdd': 'Pinduoduo',
  'channel.douyin': 'Douyin',

  'error.no_network': 'No network, so nothing was saved. Try again once it is back.',
  'error.not_loaded': 'No network, so this could not be loaded. Try again once it is back.',
  'error.unexpected_read': 'Something unexpected happened and this could not be loaded. Try again.',
  'error.unexpected': 'Something unexpected happened and nothing was saved. Try again.',
};
