/** The browser's own reader; TypeScript does not know it yet. */
interface Detector {
  detect(source: HTMLVideoElement): Promise<{ rawValue: string }[]>;
}

interface DetectorType {
  new (options: { formats: string[] }): Detector;
  getSupportedFormats(): Promise<string[]>;
}

const WANTED = ['ean_13', 'ean_8', 'upc_a', 'upc_e', 'code_128', 'code_39', 'qr_code', 'data_matrix'];
const LOOK_EVERY_MS = 200;

const detectorOf = (scope: object) => (scope as { BarcodeDetector?: DetectorType }).BarcodeDetector;

/** Whether this phone can read barcodes with its camera; if not, typing and searching remain. */
export function canScan(scope: object = globalThis): boolean {
  return detectorOf(scope) !== undefined && !!navigator.mediaDevices?.getUserMedia;
}

/** Null when the phone's reader knows no format we use. */
export async function openDetector(scope: object = globalThis): Promise<Detector | null> {
  const Type = detectorOf(scope);
  if (!Type) return null;
  const known = await Type.getSupportedFormats();
  const formats = WANTED.filter((format) => known.includes(format));
  return formats.length > 0 ? new Type({ formats }) : null;
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
