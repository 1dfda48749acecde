/** Tasks and low ratings as one list of customers to call. */

import type { FollowUp, Task } from '../messages/wire.ts';
import { called, say } from '../messages/words.ts';

export interface Call {
  key: string;
  id: string;
  /** Closed as a task, else as the follow-up of a rating. */
  isTask: boolean;
  dueAt: string;
  isOverdue: boolean;
  /** In the language of the moment. */
  why: () => string;
  text: string;
  customer: string;
  phone: string;
  jobId: string;
  jobNumber: string;
}

/** The most urgent first. */
export function callsOf(tasks: readonly Task[], followUps: readonly FollowUp[]): Call[] {
  const calls = [...tasks.map(ofTask), ...followUps.map(ofRating)];
  return calls.sort((one, other) => one.dueAt.localeCompare(other.dueAt));
}

function ofTask(task: Task): Call {
  const what = (): string => (task.kind === 'undelivered' ? called('event', task.detail) : '');
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

function ofRating({ id, due_at, is_overdue, rating }: FollowUp): Call {
  return {
    key: `rating ${id}`,
    id,
    isTask: false,
    dueAt: due_at,
    isOverdue: is_overdue,
    why: () => say('task.low_rating', { stars: rating.stars }),
    text: rating.text,
    customer: '',
    phone: '',
    jobId: rating.job_id,
    jobNumber: rating.job_number,
  };
}
