import common from '../../i18n/common/zh-cn.ts';
import { errors } from './zh-cn/errors.ts';
import { exceptions } from './zh-cn/exceptions.ts';
import { jobs } from './zh-cn/jobs.ts';
import { offers } from './zh-cn/offers.ts';
import { planning } from './zh-cn/planning.ts';
import { remedies } from './zh-cn/remedies.ts';
import { screens } from './zh-cn/screens.ts';
import { terms } from './zh-cn/terms.ts';
import { views } from './zh-cn/views.ts';

const catalog = {
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

export type ConsoleCatalog = typeof catalog;
export default catalog;
