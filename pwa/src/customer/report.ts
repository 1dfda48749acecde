/**
 * What a script adds to the report's forms, which work without it.
 * `<p data-here hidden><button>` offers the phone's own position, put into the fields `lat` and `lng`;
 * `[data-here-said]` tells what came of it.
 * A file field with `data-most-bytes` refuses larger files before they are sent; one with `data-parts` is sent
 * to that address in parts while the rest is filled in, `[data-parts-said]` tells how far, and its form waits.
 * A form marked `data-once` is sent once, however often it is tapped.
 */
import { sendInParts } from './parts.ts';

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

const film = document.querySelector<HTMLInputElement>('input[data-parts]');
const told = document.querySelector<HTMLElement>('[data-parts-said]');

async function sendFilm(input: HTMLInputElement, file: File): Promise<void> {
  const { parts = '', going = '' } = input.dataset;
  const tell = (text: string): void => {
    if (told) told.textContent = text;
  };
  const came = await sendInParts(file, parts, (share) => tell(`${going} ${Math.floor(share * 100)}%`));
  // Another one was chosen meanwhile, or this one goes with the form as it would without a script.
  if (input.files?.[0] !== file) return;
  tell(came?.said ?? '');
  if (came) input.value = '';
}

if (film?.form) {
  const { form } = film;
  let sending: Promise<void> | undefined;
  film.addEventListener('change', () => {
    const file = film.files?.[0];
    sending = file && film.validity.valid ? sendFilm(film, file) : undefined;
  });
  form.addEventListener('submit', (event) => {
    if (!sending) return;
    event.preventDefault();
    const pressed = event.submitter ?? form.querySelector<HTMLElement>('button.button');
    sending.then(() => {
      sending = undefined;
      pressed?.click();
    });
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
