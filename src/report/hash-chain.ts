// The hash chain: the last field of a line covers the line and, through its predecessor's hash, all lines before it.
import { hash } from 'node:crypto';

/** The "previous hash" of the first line. */
export const chainStart = '0'.repeat(32);

/** First 32 hex digits of SHA-256 over the previous line's `h` and this line without its own. */
export function hashLine(previous: string, body: string): string {
  return hash('sha256', `${previous}\n${body}`, 'hex').slice(0, 32);
}

const tail = /,"h":"([0-9a-f]{32})"\}$/;

/** A line (without line end) with its hash as the last field. `body` is a JSON object's text. */
export function linkLine(previous: string, body: string): { readonly line: string; readonly h: string } {
  const h = hashLine(previous, body);
  return { line: `${body.slice(0, -1)},"h":"${h}"}`, h };
}

/** Splits a line into body and hash; undefined when it has no hash. */
export function unlinkLine(line: string): { readonly body: string; readonly h: string } | undefined {
  const found = tail.exec(line);
  return found?.[1] === undefined ? undefined : { body: `${line.slice(0, found.index)}}`, h: found[1] };
}

/** A hash as the seal that the end of a run prints. */
export function sealOf(h: string): string {
  return `sha256:${h}`;
}
