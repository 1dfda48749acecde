import type { JobSheet } from '../../api/types.ts';
import { deviceMemory } from '../platform/device-memory.ts';

const LATER = 'push-asked';

export function isPushPossible(): boolean {
  return 'PushManager' in globalThis && 'Notification' in globalThis && 'serviceWorker' in navigator;
}

/** In context: somebody who has said yes to a job, and was never asked, and can still be asked. */
export function shouldAskForPush(jobs: readonly JobSheet[]): boolean {
  if (!isPushPossible() || Notification.permission !== 'default') return false;
  return deviceMemory.get(LATER) === null && jobs.some((job) => job.status === 'accepted');
}

export function noteAsked(): void {
  deviceMemory.set(LATER, '1');
}
