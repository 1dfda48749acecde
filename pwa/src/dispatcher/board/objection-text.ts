import type { Objection } from '../day/fit.ts';
import { t, word } from '../i18n/texts.svelte.ts';

/** What a placement would break, in words. */
export function objectionText(objection: Objection): string {
  switch (objection.code) {
    case 'skill_missing':
      return t('objection.skill_missing', { skill: word('skill', objection.skill) });
    case 'level_too_low':
      return t('objection.level_too_low', { ...objection, skill: word('skill', objection.skill) });
    case 'window_missed':
    case 'too_early':
      return t(`objection.${objection.code}`, objection);
    case 'overlaps':
      return t('objection.overlaps', objection);
    default:
      return t(`objection.${objection.code}`);
  }
}
