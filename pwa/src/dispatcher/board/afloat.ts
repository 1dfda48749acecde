/**
 * Lets an element be shifted without the page being put together anew. The browser moves a layer on its own only while
 * its place is animated; otherwise it first works out again, among all layers of the page, what may lie above what. So
 * the element has an animation that stands still and adds nothing to its own transform.
 */
export function setAfloat(element: HTMLElement): void {
  const nowhere = { transform: 'translate(0)' };
  element.animate([nowhere, nowhere], { duration: 1, fill: 'forwards', composite: 'add' }).pause();
}
