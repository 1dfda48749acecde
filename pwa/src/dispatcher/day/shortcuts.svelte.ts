/** Single-key shortcuts: they stay out of the way of typing and can be turned off. */

const STORAGE_KEY = 'shangmen.console.shortcuts';

class Shortcuts {
  isOn = $state(localStorage.getItem(STORAGE_KEY) !== 'off');

  set(isOn: boolean): void {
    this.isOn = isOn;
    localStorage.setItem(STORAGE_KEY, isOn ? 'on' : 'off');
  }
}

export const shortcuts = new Shortcuts();

/** A box that is ticked takes no letters. */
export const FIELD = 'input:not([type="checkbox"]):not([type="radio"]), textarea, select';
const TYPING = `${FIELD}, [contenteditable="true"], [role="dialog"]`;

/** A key handler for the window that runs the shortcut a key stands for, unless someone is typing. */
export function onShortcut(actions: Record<string, () => void>): (event: KeyboardEvent) => void {
  return (event) => {
    if (event.defaultPrevented || event.ctrlKey || event.metaKey || event.altKey) return;
    if (event.target instanceof Element && event.target.closest(TYPING)) return;
    const isEscape = event.key === 'Escape';
    const action = actions[event.key];
    if (!action || (!isEscape && !shortcuts.isOn)) return;
    event.preventDefault();
    action();
  };
}
