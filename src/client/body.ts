// The body of an answer → text, with a limit on its length. Deadlines are attempt.ts.
import { AttemptError } from './network-error.ts';

/** Longer than any page of the API; beyond it nothing is kept. */
export const maxBodyBytes = 10 * 1024 * 1024;

/** Reads the whole body. Throws Trouble when it is longer than `maxBodyBytes`, and whatever the stream throws when it breaks off. */
export async function readBody(response: Response): Promise<string> {
  // None, or said and not compressed: the HTTP parser holds the body to it, and the short way costs half.
  const said = Number(response.headers.get('content-length') ?? Number.NaN);
  if (said > maxBodyBytes) throw tooLong();
  if (response.status === 204 || (said <= maxBodyBytes && !response.headers.has('content-encoding')))
    return await response.text();
  if (response.body === null) return '';
  const decoder = new TextDecoder();
  let text = '';
  let bytes = 0;
  for await (const chunk of response.body) {
    bytes += chunk.byteLength;
    if (bytes > maxBodyBytes) throw tooLong();
    text += decoder.decode(chunk, { stream: true });
  }
  return text + decoder.decode();
}

function tooLong(): AttemptError {
  return new AttemptError('the answer is longer than any real one', { arrived: true });
}
