/** The browser's own reader; TypeScript does not know it yet. */
export interface Detector {
  detect(source: HTMLVideoElement): Promise<{ rawValue: string }[]>;
}

interface DetectorType {
  new (options: { formats: string[] }): Detector;
  getSupportedFormats(): Promise<string[]>;
}

const WANTED = ['ean_13', 'ean_8', 'upc_a', 'upc_e', 'code_128', 'code_39', 'qr_code', 'data_matrix'];
const LOOK_EVERY_MS = 200;

const detectorOf = (scope: object) => (scope as { BarcodeDetector?: DetectorType }).BarcodeDetector;

/** The reader that comes with the app, fetched when somebody first scans on a phone that has none. */
const ownReader = async (): Promise<Detector> => new (await import('./wasm-reader.ts')).WasmReader();

/** Whether there is a camera to read with, by the browser's reader or the app's; if not, typing remains. */
export function canScan(scope: object = globalThis): boolean {
  const canRead = detectorOf(scope) !== undefined || 'WebAssembly' in scope;
  return canRead && !!navigator.mediaDevices?.getUserMedia;
}

/** The browser's reader where it knows our formats, else the app's. */
export async function openDetector(
  scope: object = globalThis,
  own: () => Promise<Detector> = ownReader,
): Promise<Detector> {
  const Type = detectorOf(scope);
  const known = Type ? await Type.getSupportedFormats() : [];
  const formats = WANTED.filter((format) => known.includes(format));
  return Type && formats.length > 0 ? new Type({ formats }) : own();
}

/** Looks at the camera's picture until it shows a code; null when it was told to stop. */
export async function readCode(
  detector: Detector,
  video: HTMLVideoElement,
  isStopped: () => boolean,
  wait: (ms: number) => Promise<void> = (ms) => new Promise((done) => setTimeout(done, ms)),
): Promise<string | null> {
  while (!isStopped()) {
    const found = video.readyState >= 2 ? await detector.detect(video) : [];
    const code = found[0]?.rawValue.trim();
    if (code) return code;
    await wait(LOOK_EVERY_MS);
  }
  return null;
}
