/** What the intake asks of the server and gets back. */

import type { Http } from '../../api/http.ts';

export interface Words {
  zh: string;
  en: string;
}
export interface Product {
  sku: string;
  name: string;
  name_en: string;
  category: string;
  types: string[];
}
export interface Cause {
  code: string;
  title: Words;
  check: Words;
  parts: string[];
}
export interface Fault {
  category: string;
  key: string;
  title: Words;
  steps: Words[];
  causes: Cause[];
}
export interface Suggestion {
  community: string;
  district: string;
  address: string;
  lat: number;
  lng: number;
}
export interface OpenJob {
  job_id: string;
  number: string;
  status: string;
  type: string;
  sku: string;
  product: string;
  product_en: string;
  window_start: string | null;
  window_end: string | null;
}
export interface Caller {
  customer_id: string;
  name: string;
  phone: string;
  addresses: string[];
  appliances: { sku: string; name: string; name_en: string; serial: string }[];
  open_jobs: OpenJob[];
}
export interface Duplicate {
  by: 'serial' | 'phone' | 'address';
  job: OpenJob;
}
export interface Call {
  key: string;
  sku: string;
  type: string;
  symptom: string;
  name: string;
  phone: string;
  customer_id: string | null;
  address: string;
  serial: string;
  text: string;
  is_urgent: boolean;
  letter_id: string | null;
}
export interface Taken {
  case_id: string;
  job: OpenJob;
  is_joined: boolean;
  is_located: boolean;
  answer_by: string;
}
export interface FreeSlot {
  start: string;
  end: string;
  price_fen: number;
}
/** What a window became: who comes, and when the work should begin. */
export interface Booked {
  job: OpenJob;
  technician: string | null;
  planned_start: string | null;
}
export interface FreeSlots {
  slots: FreeSlot[];
  reason: string;
  is_far: boolean;
  has_more: boolean;
  /** When an emergency could be served today, were anybody free. */
  rest_of_today: { start: string; end: string } | null;
}
export type Asked = Pick<Call, 'sku' | 'type' | 'phone' | 'customer_id' | 'serial' | 'address'>;

export interface Reports {
  reports: { id: string; at: string; channel: string; text: string; symptom: string }[];
  attachments: { sha256: string; kind: 'photo' | 'proof' | 'video' | 'rating' }[];
}

export class IntakeApi {
  readonly #http: Http;

  constructor(http: Http) {
    this.#http = http;
  }

  products(): Promise<Product[]> {
    return this.#http.get('/api/intake/products');
  }

  async callers(q: string): Promise<Caller[]> {
    return (await this.#http.get<{ items: Caller[] }>('/api/intake/callers', { q })).items;
  }

  /** Somebody who was found elsewhere; none where they may not be told of any more. */
  async caller(customerId: string): Promise<Caller | undefined> {
    const { items } = await this.#http.get<{ items: Caller[] }>('/api/intake/callers', {
      customer_id: customerId,
    });
    return items[0];
  }

  faults(q: string, sku: string): Promise<Fault[]> {
    return this.#http.get('/api/intake/faults', { q, sku });
  }

  addresses(q: string): Promise<Suggestion[]> {
    return this.#http.get('/api/intake/addresses', { q });
  }

  async duplicate(asked: Asked): Promise<Duplicate | null> {
    return (await this.#http.post<{ duplicate: Duplicate | null }>('/api/intake/check', asked)).duplicate;
  }

  take(call: Call): Promise<Taken> {
    return this.#http.post('/api/intake/reports', call);
  }

  /** What customers reported of a job's case, and their pictures. */
  reports(jobId: string): Promise<Reports> {
    return this.#http.get(`/api/jobs/${jobId}/reports`);
  }

  slots(jobId: string): Promise<FreeSlots> {
    return this.#http.get(`/api/jobs/${jobId}/free-slots`);
  }

  book(jobId: string, slot: FreeSlot): Promise<Booked> {
    return this.#http.post(`/api/jobs/${jobId}/free-slots`, { start: slot.start, end: slot.end });
  }

  /** The customer's link, to read out or send. */
  link(jobId: string): Promise<{ url: string }> {
    return this.#http.post(`/api/jobs/${jobId}/customer-link`);
  }
}
