/** Puts text on the clipboard; false where the browser does not allow it (plain http, no permission). */
export async function copyText(text: string): Promise<boolean> {
  if (!navigator.clipboard) return false;
  try {
    await navigator.clipboard.writeText(text);
    return true;
  } catch {
    return false; // refused by the browser: the link stands in a field to be copied by hand
  }
}
