/** Tasks and complaints as one list of customers to call. */

import { say as said } from '../complaints/words.ts';
import type { FollowUp, Task } from '../messages/wire.ts';
import { called, say } from '../messages/words.ts';

export interface Call {
  key: string;
  id: string;
  /** Closed as a task, else as a complaint. */
  isTask: boolean;
  dueAt: string;
  isOverdue: boolean;
  /** In the language of the moment. */
  why: () => string;
  /** Where a complaint stands: answered or not, and whether its limit is near. */
  step?: { isAnswered: boolean; answeredBy: string; isEscalated: boolean };
  text: string;
  customer: string;
  phone: string;
  jobId: string;
  jobNumber: string;
}

/** How many of each the server tells, and so how many are shown. */
export const MOST_CALLS = 200;

/** The most urgent first. Of two lists that go on the most urgent of both are among the first of each. */
export function callsOf(tasks: readonly Task[], followUps: readonly FollowUp[]): Call[] {
  const calls = [...tasks.map(ofTask), ...followUps.map(ofComplaint)];
  calls.sort((one, other) => one.dueAt.localeCompare(other.dueAt));
  const goesOn = tasks.length >= MOST_CALLS || followUps.length >= MOST_CALLS;
  return goesOn ? calls.slice(0, MOST_CALLS) : calls;
}

function ofTask(task: Task): Call {
  const what = (): string => (task.kind === 'undelivered' ? called('event', task.detail) : task.detail);
  return {
    key: `task ${task.id}`,
    id: task.id,
    isTask: true,
    dueAt: task.due_at,
    isOverdue: task.is_overdue,
    why: () => called('task', task.kind) + what(),
    text: '',
    customer: task.customer_name,
    phone: task.phone,
    jobId: task.job_id,
    jobNumber: task.job_number,
  };
}

function ofComplaint(one: FollowUp): Call {
  return {
    key: `complaint ${one.id}`,
    id: one.id,
    isTask: false,
    dueAt: one.due_at,
    isOverdue: one.is_overdue,
    why: () => (one.rating ? say('task.low_rating', { stars: one.rating.stars }) : said('complaint')),
    step: {
      isAnswered: one.answered_at !== null,
      answeredBy: one.answered_by,
      isEscalated: one.is_escalated,
    },
    text: one.rating?.text || one.text,
    customer: '',
    phone: '',
    jobId: one.job_id,
    jobNumber: one.job_number,
  };
}
