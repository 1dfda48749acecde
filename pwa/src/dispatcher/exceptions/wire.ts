/** What has gone wrong in a day, as the server tells it, the gravest first. */

import type { components } from '../../api/schema';

export type Exception = components['schemas']['ExceptionRead'];
