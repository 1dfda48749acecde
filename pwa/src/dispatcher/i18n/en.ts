import type { SameKeys } from '../../i18n/catalog.ts';
import common from '../../i18n/common/en.ts';
import { errors } from './en/errors.ts';
import { exceptions } from './en/exceptions.ts';
import { jobs } from './en/jobs.ts';
import { offers } from './en/offers.ts';
import { planning } from './en/planning.ts';
import { remedies } from './en/remedies.ts';
import { screens } from './en/screens.ts';
import { terms } from './en/terms.ts';
import { views } from './en/views.ts';
import type { ConsoleCatalog } from './zh-cn.ts';

const catalog: SameKeys<ConsoleCatalog> = {
  ...common,
  ...screens,
  ...errors,
  ...exceptions,
  ...jobs,
  ...offers,
  ...planning,
  ...remedies,
  ...terms,
  ...views,
};

export default catalog;
