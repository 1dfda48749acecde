import { beforeAll } from 'vitest';
import { texts as deskTexts } from '../src/dispatcher/i18n/texts.svelte.ts';
import { countIn } from '../src/i18n/format.ts';
import { texts as phoneTexts } from '../src/technician/i18n/texts.ts';

/** The files of tests share their modules, which loads each once: what one has chosen, the next does not inherit. */
beforeAll(async () => {
  countIn('CNY');
  await deskTexts.use('zh-CN');
  await phoneTexts.use('zh-CN');
});
