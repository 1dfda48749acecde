/** Something that lies over the screen and that "back" closes. */
export type OpenLayer = (close: () => void) => () => void;

let open: OpenLayer = () => () => undefined;

/** An app whose back button closes sheets says how; without it sheets close by their own buttons only. */
export function useLayers(opened: OpenLayer): void {
  open = opened;
}

/** Tells that a layer is open; the returned function tells that it is gone. */
export function openLayer(close: () => void): () => void {
  return open(close);
}
