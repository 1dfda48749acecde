export type ToastTone = 'plain' | 'good' | 'bad';

export interface Toast {
  id: number;
  text: string;
  tone: ToastTone;
  action?: { label: string; run: () => void };
}

const SHOWN_MS = 5000;
let next = 1;
let shown = $state.raw<Toast[]>([]);

export const toasts = {
  get all(): readonly Toast[] {
    return shown;
  },

  /** Shows a short message; one with an action, or bad news, stays until it is closed. */
  show(text: string, tone: ToastTone = 'plain', action?: Toast['action']): void {
    const toast: Toast = action ? { id: next++, text, tone, action } : { id: next++, text, tone };
    shown = [...shown.slice(-2), toast];
    if (!action && tone !== 'bad') setTimeout(() => toasts.close(toast.id), SHOWN_MS);
  },

  close(id: number): void {
    shown = shown.filter((toast) => toast.id !== id);
  },
};
