const MAX_ZOOM = 4;

/** 1 fits the day into the width there is; two digits are as exact as the address says it. */
export const zoomOf = (wanted: number): number =>
  Math.round(Math.min(MAX_ZOOM, Math.max(1, wanted || 1)) * 100) / 100;
