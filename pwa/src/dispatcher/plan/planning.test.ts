import { expect, it } from 'vitest';
import type { ConsoleApi } from '../api/console-api.ts';
import { DayModel } from '../day/day-model.ts';
import type { DayStore } from '../day/day-store.svelte.ts';
import { Planning } from './planning.svelte.ts';
import { sampleDraft } from './sample-draft.ts';

it('a draft that was dropped is not shown again by what was read of it before', async () => {
  const draft = sampleDraft();
  let answer = (): void => undefined;
  const late = new Promise<typeof draft>((resolve) => {
    answer = () => resolve(draft);
  });
  const replies = [Promise.resolve(draft), late];
  const api = { plan: () => replies.shift(), drop: () => Promise.resolve() } as unknown as ConsoleApi;
  const planning = new Planning(api, { model: new DayModel() } as DayStore);

  await planning.show(draft.id);
  expect(planning.isShowingDraft).toBe(true);
  const shownAgain = planning.show(draft.id);
  await planning.drop();
  answer();
  await shownAgain;
  expect(planning.draft).toBeNull();
  expect(planning.isShowingDraft).toBe(false);
});

it('a draft that is told of twice does not come back over the day one has gone back to', async () => {
  const draft = sampleDraft();
  const api = { plan: () => Promise.resolve(draft) } as unknown as ConsoleApi;
  const planning = new Planning(api, { model: new DayModel() } as DayStore);

  await planning.show(draft.id);
  planning.isShowingDraft = false;
  await planning.show(draft.id);
  expect(planning.isShowingDraft).toBe(false);
});
