/**
 * Where what has the focus goes away, or is out of use while it works, the focus stays by it: whoever works by
 * keyboard is not sent back to the beginning of the page.
 */

const FOCUSABLE = 'a[href], button, input, select, textarea, summary, [tabindex]';

interface Spot {
  readonly parent: Element;
  readonly index: number;
}

const isUsable = (element: Element): boolean =>
  !element.matches(':disabled, [tabindex="-1"]') && element.getClientRects().length > 0;
/** For good: one that is at work says so. */
const isGone = (element: Element): boolean =>
  !element.isConnected || element.matches(':disabled[aria-busy="false"]');

/** Where an element stands in what is around it, from the nearest outwards. */
function spotsOf(element: Element, root: Element): Spot[] {
  const spots: Spot[] = [];
  for (let one = element; one !== root && one.parentElement; one = one.parentElement) {
    spots.push({ parent: one.parentElement, index: [...one.parentElement.children].indexOf(one) });
  }
  return spots;
}

/** What stands there now, else what is around it. */
function nearest(spots: readonly Spot[]): HTMLElement | undefined {
  for (const { parent, index } of spots.filter((spot) => spot.parent.isConnected)) {
    const there = parent.children[Math.min(index, parent.children.length - 1)];
    const near = [
      there,
      ...(there?.querySelectorAll(FOCUSABLE) ?? []),
      ...parent.querySelectorAll(FOCUSABLE),
    ];
    const found = near.find((one) => one?.matches(FOCUSABLE) && isUsable(one));
    if (found) return found as HTMLElement;
  }
  return undefined;
}

export function keepFocus(root: HTMLElement): () => void {
  let last: HTMLElement | null = null;
  let spots: Spot[] = [];
  let timer: ReturnType<typeof setTimeout> | undefined;

  function onfocusin({ target }: FocusEvent): void {
    last = target as HTMLElement;
    spots = spotsOf(last, root);
  }

  /** What is taken away may lose the focus too; only who goes elsewhere is let go. */
  function onfocusout({ target }: FocusEvent): void {
    queueMicrotask(() => {
      if (last === target && last?.isConnected && !last.matches(':disabled')) last = null;
    });
  }

  function restore(): void {
    if (!last || document.activeElement !== document.body) return;
    if (isGone(last)) nearest(spots)?.focus({ preventScroll: true });
    else if (!last.matches(':disabled')) last.focus({ preventScroll: true });
  }

  // The browser takes the focus from what is disabled only with the next picture.
  const observer = new MutationObserver(() => {
    clearTimeout(timer);
    if (last) requestAnimationFrame(() => (timer = setTimeout(restore)));
  });
  observer.observe(root, { childList: true, subtree: true, attributeFilter: ['disabled', 'aria-busy'] });
  root.addEventListener('focusin', onfocusin);
  root.addEventListener('focusout', onfocusout);
  return () => {
    clearTimeout(timer);
    observer.disconnect();
    root.removeEventListener('focusin', onfocusin);
    root.removeEventListener('focusout', onfocusout);
  };
}
