import type { SessionUser } from '../../api/types.ts';
import { closestLocale, LOCALES, type Locale } from '../../i18n/catalog.ts';

const USER = 'shangmen.user';
const LANGUAGE = 'shangmen.language';

/** Who works on this phone, so that the app opens without a network. It opens nothing on the server. */
export function savedUser(): SessionUser | null {
  const text = localStorage.getItem(USER);
  if (!text) return null;
  const user = JSON.parse(text) as Partial<SessionUser>;
  return user.id && user.zone ? (user as SessionUser) : null;
}

export function saveUser(user: SessionUser | null): void {
  if (user) localStorage.setItem(USER, JSON.stringify(user));
  else localStorage.removeItem(USER);
}

/** The language chosen on this phone, else the person's, else the phone's. */
export function preferredLanguage(user: SessionUser | null): Locale {
  const chosen = localStorage.getItem(LANGUAGE);
  if (chosen && (LOCALES as readonly string[]).includes(chosen)) return chosen as Locale;
  return closestLocale([...(user ? [user.locale] : []), ...navigator.languages]);
}

export function saveLanguage(locale: Locale): void {
  localStorage.setItem(LANGUAGE, locale);
}
