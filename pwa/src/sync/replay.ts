import type { ExtraQuote, JobSheet } from '../api/types.ts';
import type { JobStatus } from '../ui/display-state.ts';
import type { Command, Kind, NewOperation, Operation } from './operation.ts';

const STATUS_AFTER: Partial<Record<Kind, JobStatus>> = {
  accept: 'accepted',
  decline: 'declined',
  depart: 'en_route',
  arrive: 'on_site',
  diagnose: 'diagnosed',
  complete: 'done',
  sign: 'signed',
  reject_work: 'rework',
  report_absent: 'customer_absent',
  need_part: 'needs_part',
  take_to_workshop: 'to_workshop',
};

function withPart(job: JobSheet, command: Extract<Command, { kind: 'use_part' }>): JobSheet {
  const { use_id, sku, qty } = command.payload;
  if (job.parts_used.some((part) => part.id === use_id)) return job;
  const hint = command.hint ?? { name: sku, unit_price_fen: 0 };
  return { ...job, parts_used: [...job.parts_used, { id: use_id, sku, qty, ...hint }] };
}

/** The customer's answer to a quote, once. */
function withAnswer(
  job: JobSheet,
  { kind, payload }: Extract<Command, { kind: 'agree_extra' | 'decline_extra' }>,
): JobSheet {
  const extras = job.extras ?? [];
  if (extras.some((one) => one.id === payload.quote_id)) return job;
  const { lines, total_fen, prepared_at } = payload.snapshot;
  const isAgreed = kind === 'agree_extra';
  const answered: ExtraQuote = {
    id: payload.quote_id,
    state: isAgreed ? 'agreed' : 'declined',
    sha256: payload.sha256,
    lines: lines.map((line) => ({ ...line, name_en: line.name })),
    total_fen,
    signer: isAgreed ? payload.signer : '',
    decided_at: isAgreed ? payload.signed_at : prepared_at,
    note: isAgreed ? '' : payload.text,
  };
  return { ...job, extras: [...extras, answered] };
}

function withdrawn(job: JobSheet, { payload }: Extract<Command, { kind: 'withdraw_extra' }>): JobSheet {
  const extras = (job.extras ?? []).map((one) =>
    one.id === payload.quote_id ? { ...one, state: 'withdrawn', note: payload.text } : one,
  );
  return { ...job, extras };
}

/** A photo taken for a step is also its answer. */
function withPhoto(job: JobSheet, { payload }: Extract<Command, { kind: 'photo' }>): JobSheet {
  if (job.photos.some((photo) => photo.sha256 === payload.sha256 && photo.step === payload.step)) return job;
  const { sha256, step, taken_at } = payload;
  const answers = step ? { ...job.answers, [step]: sha256 } : job.answers;
  return { ...job, answers, photos: [...job.photos, { sha256, step, taken_at }] };
}

function withContent(job: JobSheet, command: Command): JobSheet {
  switch (command.kind) {
    case 'accept':
      return { ...job, offer_expires_at: null };
    case 'answer':
      return { ...job, answers: { ...job.answers, [command.payload.step]: command.payload.value } };
    case 'use_part':
      return withPart(job, command);
    case 'return_part':
      return { ...job, parts_used: job.parts_used.filter((part) => part.id !== command.payload.use_id) };
    case 'photo':
      return withPhoto(job, command);
    case 'diagnose':
      return { ...job, fault_code: command.payload.fault_code };
    case 'serial':
      return { ...job, asset: { id: job.asset?.id ?? '', serial: command.payload.serial } };
    case 'agree_extra':
    case 'decline_extra':
      return withAnswer(job, command);
    case 'withdraw_extra':
      return withdrawn(job, command);
    case 'note':
      return { ...job, note: command.payload.text };
    case 'sign': {
      const { sha256, signed_at, signer } = command.payload;
      return { ...job, acceptance: { sha256, signed_at, signer } };
    }
    default:
      return job;
  }
}

/** The job as it looks once the server has taken this command; applying it twice changes nothing more. */
export function apply(job: JobSheet, command: Command): JobSheet {
  const changed = withContent(job, command);
  const status = STATUS_AFTER[command.kind];
  return status ? { ...changed, status } : changed;
}

/** The server's job with the work that it has not confirmed yet on top. */
export function replay(base: JobSheet, operations: readonly (Operation | NewOperation)[]): JobSheet {
  return operations
    .filter((operation) => operation.job_id === base.id && operation.state === 'queued')
    .reduce<JobSheet>((job, operation) => apply(job, operation), base);
}
