/**
 * What a script adds to the report's forms, which work without it.
 * `<p data-here hidden><button>` offers the phone's own position, put into the fields `lat` and `lng`;
 * A file field with `data-most-bytes` refuses larger files before they are sent.
 * `[data-here-said]` tells what came of it. A form marked `data-once` is sent once, however often it is tapped.
 */
const here = document.querySelector<HTMLElement>('[data-here]');
const button = here?.querySelector('button');
const said = document.querySelector<HTMLElement>('[data-here-said]');

function fill(name: string, degrees: number): void {
  const input = document.querySelector<HTMLInputElement>(`input[name=${name}]`);
  if (input) input.value = degrees.toFixed(6);
}

if (here && button && said && 'geolocation' in navigator) {
  here.hidden = false;
  button.addEventListener('click', () => {
    navigator.geolocation.getCurrentPosition(
      ({ coords }) => {
        fill('lat', coords.latitude);
        fill('lng', coords.longitude);
        said.textContent = button.dataset.done ?? '';
      },
      () => {
        said.textContent = button.dataset.failed ?? '';
      },
      { enableHighAccuracy: true, timeout: 10_000 },
    );
  });
}

for (const input of document.querySelectorAll<HTMLInputElement>('input[data-most-bytes]')) {
  input.addEventListener('change', () => {
    const isTooLarge = [...(input.files ?? [])].some(({ size }) => size > Number(input.dataset.mostBytes));
    input.setCustomValidity(isTooLarge ? (input.dataset.tooLarge ?? '') : '');
    input.reportValidity();
  });
}

for (const form of document.querySelectorAll<HTMLFormElement>('form[data-once]')) {
  let isSent = false;
  form.addEventListener('submit', (event) => {
    if (isSent) event.preventDefault();
    isSent = true;
  });
  // A page that comes back from the browser's memory may be sent again.
  addEventListener('pageshow', () => {
    isSent = false;
  });
}

export {};
