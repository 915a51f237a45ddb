// Rewrites a report as an earlier version would have written it, with a true chain.
import { readFileSync, writeFileSync } from 'node:fs';
import { chainStart, linkLine } from '../../src/report/hash-chain.ts';

/** Leaves out the lists of API tokens of `row-sent` lines. */
export function withoutLists(path: string): void {
  let head: string = chainStart;
  const lines = readFileSync(path, 'utf8').split('\n').filter(Boolean);
  const texts = lines.map((text) => {
    const { h: _h, listed: _, ...rest } = JSON.parse(text) as Record<string, unknown>;
    const { line, h } = linkLine(head, JSON.stringify(rest));
    head = h;
    return line;
  });
  writeFileSync(path, `${texts.join('\n')}\n`);
}
