/** The part of town a visit lies in. */

import type { Visit } from '../day/visit.ts';

const DISTRICT = /(?:^|[省市])([^省市区县\s\d]{1,8}[区县])/;
/** 小区 and the like end as a district does and are none. */
const NOT_A_DISTRICT = /[小社园校院][区县]$/;

/** The district its address names, otherwise the community; '' where neither is known. */
export function zoneOf({ address, community }: Pick<Visit, 'address' | 'community'>): string {
  const district = DISTRICT.exec(address)?.[1] ?? '';
  return district && !NOT_A_DISTRICT.test(district) ? district : community;
}
