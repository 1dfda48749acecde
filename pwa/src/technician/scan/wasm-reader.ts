import { prepareZXingModule, readBarcodes } from 'zxing-wasm/reader';
import wasmUrl from 'zxing-wasm/reader/zxing_reader.wasm?url';
import type { Detector } from './barcode.ts';

const FORMATS = ['EAN13', 'EAN8', 'UPCA', 'UPCE', 'Code128', 'Code39', 'QRCode', 'DataMatrix'] as const;
/** Wide enough for a bar of an EAN-13 to be several pixels, small enough for a cheap phone. */
const WIDEST_PX = 960;

// From this server, never from somewhere else.
prepareZXingModule({ overrides: { locateFile: () => wasmUrl } });

/** Reads barcodes where the browser cannot: a compiled reader that looks at pictures of the camera. */
export class WasmReader implements Detector {
  #canvas = document.createElement('canvas');

  async detect(video: HTMLVideoElement): Promise<{ rawValue: string }[]> {
    const scale = Math.min(1, WIDEST_PX / video.videoWidth);
    this.#canvas.width = Math.round(video.videoWidth * scale);
    this.#canvas.height = Math.round(video.videoHeight * scale);
    const picture = this.#canvas.getContext('2d', { willReadFrequently: true });
    if (!picture || this.#canvas.width === 0) return [];
    picture.drawImage(video, 0, 0, this.#canvas.width, this.#canvas.height);
    const pixels = picture.getImageData(0, 0, this.#canvas.width, this.#canvas.height);
    const found = await readBarcodes(pixels, { formats: [...FORMATS], maxNumberOfSymbols: 1 });
    return found.filter((one) => one.isValid).map((one) => ({ rawValue: one.text }));
  }
}
