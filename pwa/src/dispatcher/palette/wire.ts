/** A job found by what a caller can tell, as the server sends it. */

import type { components } from '../../api/schema';

export type Hit = components['schemas']['HitRead'];
