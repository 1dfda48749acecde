/** The colours of the page's tokens, read once per drawing: asking the browser for each costs a style pass. */

import { cssName, DISPLAY_STATES, type DisplayState } from '../../ui/display-state.ts';

export interface Palette {
  readonly ground: string;
  /** What panels and the board lie on, for signs that stand on a colour. */
  readonly paper: string;
  readonly line: string;
  readonly ink: string;
  readonly quietInk: string;
  readonly states: Readonly<Record<DisplayState, string>>;
}

export function readPalette(): Palette {
  const style = getComputedStyle(document.documentElement);
  const read = (name: string): string => style.getPropertyValue(name).trim();
  const states = DISPLAY_STATES.map((state) => [state, read(`--state-${cssName(state)}`)]);
  return {
    ground: read('--ground-3'),
    paper: read('--ground'),
    line: read('--line'),
    ink: read('--ink'),
    quietInk: read('--ink-2'),
    states: Object.fromEntries(states) as Record<DisplayState, string>,
  };
}
