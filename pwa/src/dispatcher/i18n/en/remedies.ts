import type { SameKeys } from '../../../i18n/catalog.ts';
import type { remedies as zh } from '../zh-cn/remedies.ts';

export const remedies: SameKeys<typeof zh> = {
  'remedy.title': 'What can be done',
  'remedy.ask': 'What can be done?',
  'remedy.loading': 'Working it out',
  'remedy.none': 'Nothing: whoever could do it is busy, the work has begun, or the address has no location.',
  'remedy.give': 'Give to one technician',
  'remedy.spread': 'Spread over several',
  'remedy.leave': 'Take back for now',
  'remedy.costs': (p) => `Costs ${p.amount} more`,
  'remedy.saves': (p) => `Saves ${p.amount}`,
  'remedy.free': 'Costs the same',
  'remedy.promises': (p) =>
    p.count === 0 ? 'no promise moved' : p.count === 1 ? '1 promise moved' : `${p.count} promises moved`,
  'remedy.more': (p) => `and ${p.count} more`,
  'remedy.apply': 'Do this',
  'remedy.applied': 'Done',
  'absence.note': 'Not there today',
  'absence.confirm': (p) => `Confirm the absence (${p.count} to be given to others)`,
  'absence.noted': (p) => `Absence noted, ${p.count} to be given to others`,
};
