/** The events and states of messages in the order people meet them, and reasons in words. */

import { called } from './words.ts';

export const EVENTS = [
  'invited',
  'invited_again',
  'booked',
  'changed',
  'reminder',
  'on_the_way',
  'delayed',
  'on_time',
  'no_show',
  'absent',
  'done',
  'rate',
  'cancelled',
  'complaint',
  'alert',
] as const;

export const STATES = ['queued', 'sent', 'delivered', 'failed', 'dropped'] as const;

/** Why a message waits or never left; what a service said stays as it was said. */
export const whyText = (why: string): string => (/^[a-z_]+$/.test(why) ? called('why', why) : why);
