import type { VanPart } from '../../api/types.ts';
import { texts } from '../i18n/texts.ts';

export function partName(part: Pick<VanPart, 'name' | 'name_en'> | undefined): string | null {
  if (!part) return null;
  return texts.locale === 'en' ? part.name_en || part.name : part.name;
}

/** A part's name in this language, null where the van's list does not have it. */
export function nameOfSku(van: readonly VanPart[], sku: string): string | null {
  return partName(van.find((part) => part.sku === sku));
}
