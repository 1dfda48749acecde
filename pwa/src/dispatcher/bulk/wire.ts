/** Several jobs at once, as the server is asked and answers. */

import type { Http } from '../../api/http.ts';
import type { components } from '../../api/schema';

type Schemas = components['schemas'];

export type JobSteps = Schemas['JobSteps'];
export type Step = Schemas['Step'];
export type ManyAnswer = Schemas['ManyRead'];
export type Refusal = Schemas['RefusedRead'];

/** Each job wholly or not at all; a rehearsal changes nothing. */
export const actOnMany = (http: Http, jobs: readonly JobSteps[], isRehearsal = false): Promise<ManyAnswer> =>
  http.post('/api/jobs/many', { jobs, is_rehearsal: isRehearsal });
