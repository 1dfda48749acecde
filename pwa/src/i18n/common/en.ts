import type { SameKeys } from '../catalog.ts';
import type zh from './zh-cn.ts';

const common: SameKeys<typeof zh> = {
  'state.booked': 'Booked',
  'state.assigned': 'Assigned',
  'state.en_route': 'En route',
  'state.on_site': 'On site',
  'state.done': 'Done',
  'state.at_risk': 'At risk',
  'state.failed': 'Needs action',

  'status.received': 'Received',
  'status.qualified': 'Qualified',
  'status.booked': 'Booked',
  'status.assigned': 'Offered',
  'status.accepted': 'Accepted',
  'status.en_route': 'En route',
  'status.on_site': 'On site',
  'status.diagnosed': 'Diagnosed',
  'status.done': 'To be signed',
  'status.signed': 'Signed',
  'status.closed': 'Closed',
  'status.declined': 'Declined',
  'status.no_show': 'No-show',
  'status.customer_absent': 'Customer absent',
  'status.needs_part': 'Needs part',
  'status.to_workshop': 'To workshop',
  'status.rework': 'Rework',
  'status.cancelled': 'Cancelled',

  'type.install': 'Install',
  'type.repair': 'Repair',
  'type.maintain': 'Maintain',
  'type.inspect': 'Inspect',
  'type.collect': 'Collect',
  'type.return': 'Return',
  'type.swap': 'Swap',

  'error.offline': 'No network. Saved on this phone',
  'error.server': 'The server has a problem. Try again later',
  'error.sign_in_required': 'Please sign in again',
  'error.forbidden': 'You may not do this',
  'error.not_found': 'Not found. It may have been reassigned or removed',
  'error.too_many_attempts': 'Too many attempts. Try again later',
  'error.stale': 'Someone else changed this. Refresh and try again',
  'error.csrf': 'This page has expired. Sign in again',

  'common.cancel': 'Cancel',
  'common.close': 'Close',
  'common.back': 'Back',
  'common.retry': 'Try again',
  'common.save': 'Save',
  'common.language': '中文',
  'common.loading': 'Loading',
};

export default common;
