import type { SessionUser } from '../../api/types.ts';
import { closestLocale, LOCALES, type Locale } from '../../i18n/catalog.ts';
import { countIn } from '../../i18n/format.ts';
import { deviceMemory } from '../platform/device-memory.ts';

const USER = 'shangmen.user';
const LANGUAGE = 'shangmen.language';

/** The user a stored text stands for; null when it is none, or from another version. */
export function parseUser(text: string | null): SessionUser | null {
  if (!text) return null;
  try {
    const user = JSON.parse(text) as Partial<SessionUser> | null;
    return user?.id && user.zone ? (user as SessionUser) : null;
  } catch {
    return null; // cut short when the phone was switched off: signing in writes it anew
  }
}

/** Who works on this phone, so that the app opens without a network. It opens nothing on the server. */
export function savedUser(): SessionUser | null {
  const user = parseUser(deviceMemory.get(USER));
  if (user?.currency) countIn(user.currency); // an older version saved none
  return user;
}

export function saveUser(user: SessionUser | null): void {
  deviceMemory.set(USER, user && JSON.stringify(user));
}

/** The language chosen in the app, else the phone's, else what the office noted of the person. */
export function preferredLanguage(
  user: SessionUser | null,
  phone: readonly string[] = navigator.languages,
): Locale {
  const chosen = deviceMemory.get(LANGUAGE);
  if (chosen && (LOCALES as readonly string[]).includes(chosen)) return chosen as Locale;
  return closestLocale([...phone, ...(user ? [user.locale] : [])]);
}

export function saveLanguage(locale: Locale): void {
  deviceMemory.set(LANGUAGE, locale);
}
