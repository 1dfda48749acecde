/**
 * Sends a file a part at a time. After a cut it asks how much has come and goes on there, also when the page was
 * left and the same file is chosen again.
 */
const PART_BYTES = 1 << 20;
const MOST_TRIES = 20;
const LONGEST_WAIT_MS = 15_000;

interface Came {
  offset: number;
  is_over: boolean;
  said: string;
}

const sleep = (ms: number): Promise<void> => new Promise((done) => setTimeout(done, ms));

/** What the server said in the end; nothing where it can't be reached, or wants no parts. */
export async function sendInParts(
  file: File,
  address: string,
  onShare: (share: number) => void,
): Promise<Came | undefined> {
  const url = `${address}&key=${encodeURIComponent(`${file.name} ${file.size} ${file.lastModified}`)}`;
  let offset = -1;
  for (let tries = 0; tries < MOST_TRIES; ) {
    const came = await ask(url, offset < 0 ? {} : part(file, offset));
    if (came === 'no') return undefined;
    if (came !== 'again') {
      if (came.is_over) return came;
      offset = came.offset;
      tries = 0;
      onShare(offset / file.size);
      continue;
    }
    offset = -1;
    tries += 1;
    await sleep(Math.min(500 * 2 ** tries, LONGEST_WAIT_MS));
  }
  return undefined;
}

/** One request: what came of it, whether to ask again, or that there is no use in asking. */
async function ask(url: string, request: RequestInit): Promise<Came | 'again' | 'no'> {
  try {
    const reply = await fetch(url, request);
    if (reply.ok || reply.status === 422) {
      const came: Came = await reply.json();
      return reply.ok || came.is_over ? came : 'no';
    }
    return reply.status >= 500 || reply.status === 409 || reply.status === 400 ? 'again' : 'no';
  } catch {
    // The line was cut; what came of the part stays there.
    return 'again';
  }
}

function part(file: File, offset: number): RequestInit {
  return {
    method: 'PATCH',
    body: file.slice(offset, offset + PART_BYTES),
    headers: { 'Upload-Offset': `${offset}`, 'Upload-Length': `${file.size}` },
  };
}
