/** Enough to read a type plate; each hundred more costs a slow line a third of a second. */
const LONGEST_EDGE_PX = 1280;
const QUALITY = 0.75;

export interface Photo {
  bytes: Uint8Array;
  media_type: 'image/jpeg';
  width: number;
  height: number;
}

export class UnreadablePhotoError extends Error {
  constructor(cause?: unknown) {
    super('The file cannot be decoded as a picture');
    this.name = 'UnreadablePhotoError';
    this.cause = cause;
  }

  readonly cause: unknown;
}

/** The size a picture is kept in: never larger than it was, never stretched. */
export function fittedSize(
  width: number,
  height: number,
  longest = LONGEST_EDGE_PX,
): { width: number; height: number } {
  const factor = Math.min(1, longest / Math.max(width, height));
  return { width: Math.max(1, Math.round(width * factor)), height: Math.max(1, Math.round(height * factor)) };
}

type Picture = ImageBitmap | HTMLImageElement;

/** Decoded the right way up. */
async function decode(file: Blob): Promise<Picture> {
  if ('createImageBitmap' in window) {
    try {
      return await createImageBitmap(file, { imageOrientation: 'from-image' });
    } catch {
      // Old browsers know fewer options or formats here than in an image element, which is tried next.
    }
  }
  const image = new Image();
  const url = URL.createObjectURL(file);
  try {
    image.src = url;
    await image.decode();
    return image;
  } catch (cause) {
    throw new UnreadablePhotoError(cause);
  } finally {
    URL.revokeObjectURL(url);
  }
}

function draw(picture: Picture, width: number, height: number): HTMLCanvasElement {
  const canvas = document.createElement('canvas');
  canvas.width = width;
  canvas.height = height;
  const context = canvas.getContext('2d');
  if (!context) throw new UnreadablePhotoError();
  context.fillStyle = '#fff';
  context.fillRect(0, 0, width, height);
  context.drawImage(picture, 0, 0, width, height);
  return canvas;
}

/** A smaller JPEG of the picture. Drawing it anew leaves place, device and time of the camera behind. */
export async function downscale(file: Blob): Promise<Photo> {
  const picture = await decode(file);
  const { width, height } = fittedSize(picture.width, picture.height);
  const canvas = draw(picture, width, height);
  if ('close' in picture) picture.close();
  const jpeg = await new Promise<Blob | null>((resolve) => canvas.toBlob(resolve, 'image/jpeg', QUALITY));
  if (!jpeg) throw new UnreadablePhotoError();
  return { bytes: new Uint8Array(await jpeg.arrayBuffer()), media_type: 'image/jpeg', width, height };
}
