import type { JobSheet } from '../../api/types.ts';
import type { Command } from '../../sync/operation.ts';
import type { Photo } from '../photos/downscale.ts';

export type Trouble = 'report_absent' | 'need_part' | 'take_to_workshop' | 'reject_work';

/** What can go wrong at which point of a job. */
export const POSSIBLE_TROUBLE: Partial<Record<JobSheet['status'], Trouble[]>> = {
  en_route: ['report_absent'],
  on_site: ['report_absent', 'need_part', 'take_to_workshop'],
  diagnosed: ['need_part', 'take_to_workshop'],
  rework: ['need_part', 'take_to_workshop'],
  done: ['reject_work'],
};

export interface TroubleDetails {
  text: string;
  sku: string;
  qty: number;
  sha256: string | null;
}

export function troubleCommand(kind: Trouble, { text, sku, qty, sha256 }: TroubleDetails): Command {
  if (kind === 'need_part') {
    const pieces = Math.min(99, Math.max(1, Math.round(qty) || 1));
    return { kind, payload: { sku, qty: pieces, text } };
  }
  if (kind === 'report_absent') return { kind, payload: sha256 ? { text, sha256 } : { text } };
  return { kind, payload: { text } };
}

export function evidenceCommand({ width, height }: Photo, sha256: string, taken_at: string): Command {
  return { kind: 'photo', payload: { sha256, step: null, kind: 'evidence', taken_at, width, height } };
}
