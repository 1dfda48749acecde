/** What is found by what a caller can tell, as the server sends it. */

import type { components } from '../../api/schema';

export type Hit = components['schemas']['HitRead'];
export type TechnicianHit = components['schemas']['TechnicianHitRead'];
export type CustomerHit = components['schemas']['CustomerHitRead'];
export type Found = components['schemas']['FoundRead'];
