import { describe, expect, it } from 'vitest';
import type { Role } from '../../api/types.ts';
import { may, type Right } from '../may.ts';
import { COMMANDS, commandsFor } from './commands.ts';

const found = (text: string, role: Role = 'admin'): string[] =>
  commandsFor(text, (right: Right) => may(role, right), role === 'admin').map(({ id }) => id);

describe('the screens and commands that are found', () => {
  it.each([
    ['结算', 'statements'],
    ['State', 'statements'],
    ['jsd', 'statements'],
    ['optimise', 'plan'],
    ['优化', 'plan'],
    ['改班次', 'settings/people'],
    ['shift', 'settings/people'],
    ['令牌', 'settings/tokens'],
  ])('says what is meant by %s in either language', (text, id) => {
    expect(found(text)[0]).toBe(id);
  });

  it('puts names that begin with it before those that contain it', () => {
    expect(found('消息').slice(0, 2)).toEqual(['messages', 'settings/messages']);
  });

  it('asks for two letters and finds nothing in nonsense', () => {
    expect(found('s')).toEqual([]);
    expect(found(' ')).toEqual([]);
    expect(found('qqqq')).toEqual([]);
  });

  it('offers a vendor only what a vendor may open', () => {
    const all = new Set(
      ['设置', '排班', '消息', '结算', '师傅', 'settings', 'api'].flatMap((text) =>
        found(text, 'vendor_dispatcher'),
      ),
    );
    expect([...all].sort()).toEqual(['day', 'settings/people', 'statements', 'today']);
  });

  it('offers what only an administrator may read to nobody else', () => {
    expect(found('API', 'dispatcher')).toEqual([]);
    expect(found('预约', 'dispatcher')).toEqual(['settings/booking']);
  });

  it('knows each by one name', () => {
    expect(new Set(COMMANDS.map(({ id }) => id)).size).toBe(COMMANDS.length);
  });
});
