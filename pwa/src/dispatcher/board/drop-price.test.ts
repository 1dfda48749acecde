import { beforeEach, describe, expect, it } from 'vitest';
import type { Visit } from '../day/visit.ts';
import { opening, openings, tuesday } from '../weeks/week-samples.ts';
import type { Openings } from '../weeks/wire.ts';
import { DropPrice } from './drop-price.ts';

const ms = (hour: number): number => Date.parse(tuesday(hour));
const nobodys = { jobId: 'j1', technicianId: null, planned: null } as Visit;
const wangs = { ...nobodys, technicianId: 'wang', planned: { startMs: ms(10.5) } } as Visit;
const found = openings(
  opening('wang', 10, 3000),
  opening('li', 10, 4200),
  opening('li', 10, 4100, { window: { start: tuesday(10), end: tuesday(16) } }),
  opening('li', 14, 2500),
);

let replies: ((answer: Openings) => void)[];
let told: number;
let price: DropPrice;

beforeEach(() => {
  replies = [];
  told = 0;
  const ask = (): Promise<Openings> => new Promise((done) => replies.push(done));
  price = new DropPrice(ask, () => {
    told += 1;
  });
});

const answered = async (): Promise<void> => {
  replies.at(-1)?.(found);
  await new Promise((done) => setTimeout(done));
};

describe('the price of dropping a visit', () => {
  it('is the cheapest place of the technician in the hours it hangs over', async () => {
    price.lift(nobodys);
    expect(price.at(nobodys, 'li', ms(11))).toBeNull();
    await answered();
    expect(told).toBe(1);
    expect(price.at(nobodys, 'li', ms(11))).toEqual({ fen: 4100, isDifference: false });
    expect(price.at(nobodys, 'li', ms(15))).toEqual({ fen: 2500, isDifference: false });
    expect(price.at(nobodys, 'li', ms(16))).toBeNull();
    expect(price.at(nobodys, 'zhao', ms(11))).toBeNull();
  });

  it('is told against the place somebody has now', async () => {
    price.lift(wangs);
    await answered();
    expect(price.at(wangs, 'li', ms(11))).toEqual({ fen: 1100, isDifference: true });
    expect(price.at(wangs, 'li', ms(15))).toEqual({ fen: -500, isDifference: true });
    expect(price.at(wangs, 'wang', ms(11))).toEqual({ fen: 0, isDifference: true });
  });

  it('is not taken from an answer about another visit', async () => {
    price.lift(wangs);
    price.lift({ ...nobodys, jobId: 'j2' });
    replies[0]?.(found);
    await new Promise((done) => setTimeout(done));
    expect(told).toBe(0);
    expect(price.at({ ...nobodys, jobId: 'j2' }, 'li', ms(11))).toBeNull();
    expect(price.at(wangs, 'li', ms(11))).toBeNull();
  });
});
