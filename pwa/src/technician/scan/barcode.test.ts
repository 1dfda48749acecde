import { expect, it } from 'vitest';
import { openDetector, readCode } from './barcode.ts';

class Reader {
  static formats = ['ean_13', 'pdf417'];
  static opened: string[] = [];
  constructor({ formats }: { formats: string[] }) {
    Reader.opened = formats;
  }
  static getSupportedFormats = async () => Reader.formats;
  detect = async (): Promise<{ rawValue: string }[]> => [];
}

const video = { readyState: 4 } as HTMLVideoElement;
const OWN = { detect: async () => [] };
const own = async () => OWN;
const noWait = async () => undefined;

it('asks only for formats the phone knows', async () => {
  expect(await openDetector({ BarcodeDetector: Reader }, own)).toBeInstanceOf(Reader);
  expect(Reader.opened).toEqual(['ean_13']);
});

it('brings its own reader where the phone has none, or none for our codes', async () => {
  expect(await openDetector({}, own)).toBe(OWN);
  const useless = class extends Reader {
    static override getSupportedFormats = async () => ['pdf417'];
  };
  expect(await openDetector({ BarcodeDetector: useless }, own)).toBe(OWN);
});

it('looks until a code is seen', async () => {
  const seen = [[], [], [{ rawValue: ' 690000000001 ' }]];
  const detector = { detect: async () => seen.shift() ?? [] };
  expect(await readCode(detector, video, () => false, noWait)).toBe('690000000001');
});

it('stops when told to', async () => {
  let looks = 0;
  const detector = { detect: async () => [] };
  expect(await readCode(detector, video, () => ++looks > 3, noWait)).toBeNull();
});
