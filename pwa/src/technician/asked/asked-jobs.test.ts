import { describe, expect, it } from 'vitest';
import type { AskedJob } from '../../api/offers.ts';
import { ApiError, NetworkError } from '../../api/problem.ts';
import { AskedJobs } from './asked-jobs.svelte.ts';

const job = (offer_id: string) => ({ offer_id }) as AskedJob;
const refusal = (status: number) => new ApiError(status, { code: 'offer_over' });

function asked(waiting: AskedJob[], answer: () => Promise<unknown> = () => Promise.resolve({})) {
  const said: string[] = [];
  const over: string[] = [];
  const api = {
    mine: () => Promise.resolve([...waiting]),
    accept: (id: string) => {
      said.push(`accept ${id}`);
      return answer();
    },
    decline: (id: string, no: { reason: string }) => {
      said.push(`decline ${id} ${no.reason}`);
      return answer();
    },
  };
  return { jobs: new AskedJobs(api, (id) => over.push(id)), said, over };
}

describe('jobs one is asked about', () => {
  it('shows what waits for an answer', async () => {
    const { jobs } = asked([job('a'), job('b')]);
    await jobs.look();
    expect(jobs.list.map(({ offer_id }) => offer_id)).toEqual(['a', 'b']);
  });

  it('looks again after an answer', async () => {
    const waiting = [job('a')];
    const { jobs, said } = asked(waiting, async () => waiting.pop());
    await jobs.look();
    expect(await jobs.accept('a')).toBe('done');
    expect([said, jobs.list]).toEqual([['accept a'], []]);
  });

  it('says that somebody else was first, and shows what is left', async () => {
    const waiting = [job('a'), job('b')];
    const { jobs } = asked(waiting, () => {
      waiting.shift();
      return Promise.reject(refusal(409));
    });
    await jobs.look();
    expect(await jobs.accept('a')).toBe('over');
    expect(jobs.list).toEqual([job('b')]);
  });

  it('says which are over, whoever ended them, and of those alone', async () => {
    const waiting = [job('a'), job('b')];
    const { jobs, over } = asked(waiting);
    await jobs.look();
    waiting.shift();
    await jobs.look();
    await jobs.look();
    expect(over).toEqual(['a']);
  });

  it('keeps what is known without a network', async () => {
    const { jobs, said } = asked([job('a')], () => Promise.reject(new NetworkError('gone')));
    await jobs.look();
    expect(await jobs.decline('a', { reason: 'ill', text: '' })).toBe('offline');
    expect([said, jobs.list]).toEqual([['decline a ill'], [job('a')]]);
  });

  it('tells a refusal from an offer that is over', async () => {
    const { jobs } = asked([job('a')], () => Promise.reject(refusal(422)));
    expect(await jobs.accept('a')).toBe('refused');
  });

  it('lets an old answer of the server not replace a newer one', async () => {
    const replies: ((list: AskedJob[]) => void)[] = [];
    const jobs = new AskedJobs({
      mine: () => new Promise((resolve) => replies.push(resolve)),
      accept: () => Promise.resolve(),
      decline: () => Promise.resolve(),
    });
    const [first, second] = [jobs.look(), jobs.look()];
    replies[1]?.([job('new')]);
    await second;
    replies[0]?.([job('old')]);
    await first;
    expect(jobs.list).toEqual([job('new')]);
  });
});
