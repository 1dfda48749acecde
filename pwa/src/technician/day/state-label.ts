import type { JobSheet } from '../../api/types.ts';
import type { DisplayState } from '../../ui/display-state.ts';
import { t } from '../i18n/texts.ts';

/** The exact status, unless lateness is the news. */
export function stateLabel(job: JobSheet, state: DisplayState): string {
  const isLateness =
    state === 'at_risk' || (state === 'failed' && ['assigned', 'accepted', 'en_route'].includes(job.status));
  if (!isLateness) return t(`status.${job.status}`);
  return state === 'at_risk' ? t('state.at_risk') : t('day.late');
}
