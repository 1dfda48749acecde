/** What a pointer does on the board; loaded once the board is drawn, which is before anybody can reach it. */

export { BoardBox } from './board-box.ts';
export { BoardDrag } from './board-drag.ts';
export { DropPrice } from './drop-price.ts';
