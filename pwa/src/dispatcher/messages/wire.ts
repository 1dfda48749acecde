/** Messages, calls that are owed and the organisation's settings as the server sends them, and asking for them. */

import type { Http } from '../../api/http.ts';
import type { RulesPort } from '../settings/kept-rules.ts';

export interface Message {
  id: string;
  job_id: string;
  job_number: string;
  customer_name: string;
  event: string;
  state: 'queued' | 'sending' | 'sent' | 'delivered' | 'failed' | 'dropped';
  channel: string;
  address: string;
  language: string;
  subject: string;
  text: string;
  attempts: number;
  why: string;
  receipt: string;
  not_before: string;
  sent_at: string | null;
  delivered_at: string | null;
  created_at: string;
  tries: { channel: string; at: string; why: string }[];
}

export interface SmsLength {
  units: number;
  parts: number;
  encoding: string;
}

export interface Template {
  event: string;
  channel: string;
  language: string;
  subject: string;
  text: string;
  subject_preview: string;
  preview: string;
  sms: SmsLength;
  is_own: boolean;
}

export interface Templates {
  names: string[];
  samples: Record<string, Record<string, string>>;
  items: Template[];
}

export interface Preview {
  subject: string;
  text: string;
  sms: SmsLength;
}

export interface TemplateWrite {
  channel: string;
  subject: string;
  text: string;
}

export interface Channel {
  name: string;
  kind: string;
  options: Record<string, string>;
  secrets: string[];
  hook_url: string;
  is_set: boolean;
  changed_at: string | null;
}

export interface Kind {
  channel: string;
  kind: string;
  needs: string[];
  may_have: string[];
  secrets: string[];
  optional_secrets: string[];
  per_event: string[];
}

export interface ChannelWrite {
  kind: string;
  options: Record<string, string>;
  secrets: Record<string, string>;
}

export interface Task {
  id: string;
  kind: string;
  detail: string;
  due_at: string;
  is_overdue: boolean;
  job_id: string;
  job_number: string;
  customer_name: string;
  phone: string;
}

export type RulesOf =
  | 'message-rules'
  | 'booking-rules'
  | 'organisation/rules'
  | 'complaint-rules'
  | 'live-rules';

/** A complaint: of a low rating, or taken on the phone; due to be answered, then to be settled. */
export interface FollowUp {
  id: string;
  job_id: string;
  job_number: string;
  due_at: string;
  is_overdue: boolean;
  is_escalated: boolean;
  answered_at: string | null;
  answered_by: string;
  text: string;
  rating: { stars: number; text: string } | null;
}

export interface MessageRules {
  channel: string;
  fallback: string;
  quiet_from_h: number;
  quiet_until_h: number;
  most_per_day: number;
  invite_on: string;
  remind_after_h: number;
  task_after_h: number;
  delay_min: number;
  delay_gap_min: number;
  silent: string[];
  alerts: string[];
}

export interface BookingRules {
  windows: [number, number][];
  days: number;
  notice_h: number;
  change_until_h: number;
  reserve_percent: number;
  hotline: string;
  late_change_fen: number | null;
  late_cancel_fen: number | null;
}

export interface OfficeRules {
  offer_minutes: number | null;
  relay_number: string;
}

export interface Token {
  id: string;
  name: string;
  created_at: string;
  expires_at: string | null;
  revoked_at: string | null;
  last_used_at: string | null;
}

export interface Sought {
  event: string;
  state: string;
  q: string;
  after?: string;
}

/** What this part of the console asks, one method per question. */
export class OfficeApi {
  readonly #http: Http;

  constructor(http: Http) {
    this.#http = http;
  }

  messages(sought: Sought): Promise<{ items: Message[]; next: string | null }> {
    const asked = Object.entries(sought).filter(([, value]) => value);
    return this.#http.get('/api/messages', Object.fromEntries(asked));
  }

  /** `id` is ours, so that a second click sends no second message. */
  sendAgain(messageId: string, id: string): Promise<Message> {
    return this.#http.post(`/api/messages/${messageId}/again`, { id });
  }

  templates(): Promise<Templates> {
    return this.#http.get('/api/message-templates');
  }

  preview(language: string, words: TemplateWrite): Promise<Preview> {
    return this.#http.post(`/api/message-templates/${language}/preview`, words);
  }

  setTemplate(event: string, language: string, words: TemplateWrite): Promise<Template> {
    return this.#put(`/api/message-templates/${event}/${language}`, words);
  }

  channels(): Promise<{ channels: Channel[]; kinds: Kind[] }> {
    return this.#http.get('/api/message-channels');
  }

  setChannel(name: string, wanted: ChannelWrite): Promise<Channel> {
    return this.#put(`/api/message-channels/${name}`, wanted);
  }

  removeChannel(name: string): Promise<void> {
    return this.#http.delete(`/api/message-channels/${name}`);
  }

  testChannel(name: string, address: string): Promise<{ is_taken: boolean; detail: string }> {
    return this.#http.post(`/api/message-channels/${name}/test`, { address });
  }

  tasks(): Promise<Task[]> {
    return this.#http.get('/api/tasks');
  }

  closeTask(id: string, outcome: string): Promise<void> {
    return this.#http.post(`/api/tasks/${id}/close`, { outcome });
  }

  followUps(): Promise<FollowUp[]> {
    return this.#http.get('/api/follow-ups');
  }

  /** Said on the phone; `due_at` of the reply is by when the customer is called. */
  takeComplaint(jobId: string, key: string, text: string): Promise<FollowUp> {
    return this.#http.post(`/api/jobs/${jobId}/complaints`, { key, text });
  }

  answerFollowUp(id: string): Promise<void> {
    return this.#http.post(`/api/follow-ups/${id}/answer`, {});
  }

  closeFollowUp(id: string, outcome: string): Promise<void> {
    return this.#http.post(`/api/follow-ups/${id}/close`, { outcome });
  }

  rules<R>(what: RulesOf): RulesPort<R> {
    const path = `/api/${what}`;
    return {
      read: () => this.#http.tagged<R>('GET', path),
      write: (body, tag) =>
        this.#http.tagged<R>('PUT', path, { body, headers: tag ? { 'If-Match': tag } : {} }),
    };
  }

  async tokens(): Promise<Token[]> {
    return (await this.#http.get<{ items: Token[] }>('/api/tokens')).items;
  }

  createToken(name: string, expiresAt: string | null): Promise<Token & { token: string }> {
    return this.#http.post('/api/tokens', { name, expires_at: expiresAt });
  }

  revokeToken(id: string): Promise<Token> {
    return this.#http.delete(`/api/tokens/${id}`);
  }

  #put<T>(path: string, body: unknown): Promise<T> {
    return this.#http.json<T>('PUT', path, { body });
  }
}
