import type { Visit } from '../day/visit.ts';

/** What the screen around the board may ask of it. */
export interface BoardHandle {
  focus(): void;
  /** Begins dragging a visit that lies in a list beside the board. */
  take(visit: Visit, event: PointerEvent): void;
}
