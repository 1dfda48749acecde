/** Offers as the server sends them: who is asked about a job, in which order, and what they said. */

import type { components } from '../../api/schema';

type Schemas = components['schemas'];

export type OfferMode = Schemas['OfferMode'];
export type OfferRead = Schemas['OfferRead'];
export type OfferLine = Schemas['CandidateRead'];
export type RankedRead = Schemas['RankedRead'];

/** What the organisation waits for an answer when nothing else is said, in minutes. */
export const USUAL_MINUTES = 30;
