const FOCUSABLE =
  'a[href],button:not([disabled]):not([tabindex="-1"]),input:not([disabled]),select:not([disabled]),textarea:not([disabled]),[tabindex="0"]';

/** Keeps the keyboard inside a modal panel and gives the focus back when it closes. */
export function focusTrap(panel: HTMLElement): { destroy(): void } {
  const before = document.activeElement;
  panel.focus();

  function onkeydown(event: KeyboardEvent) {
    if (event.key !== 'Tab') return;
    const stops = [...panel.querySelectorAll<HTMLElement>(FOCUSABLE)];
    const first = stops[0];
    const last = stops[stops.length - 1];
    if (!first || !last) return;
    const active = document.activeElement;
    if (event.shiftKey && (active === first || active === panel)) {
      event.preventDefault();
      last.focus();
    } else if (!event.shiftKey && active === last) {
      event.preventDefault();
      first.focus();
    }
  }

  panel.addEventListener('keydown', onkeydown);
  return {
    destroy() {
      panel.removeEventListener('keydown', onkeydown);
      if (before instanceof HTMLElement) before.focus();
    },
  };
}
