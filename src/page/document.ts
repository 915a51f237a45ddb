// `openDocument`, `closeDocument`: the frame of every page: policy, style, script, header and footer. The page loads nothing.
import { createHash } from 'node:crypto';
import { script } from './browser-script.ts';
import { type Markup, markup, Markup as Raw } from './markup.ts';
import { timeElement } from './page-dates.ts';
import { pageMargins, style } from './stylesheet.ts';

/** The kind of a page. The first line of the page names it, so that the program recognizes its own files. */
export type PageKind = 'report' | 'plan' | 'reconcile';

/** The head of a page. */
export interface PageHead {
  readonly kind: PageKind;
  /** The page has a searchable table; otherwise it has no script. */
  readonly interactive: boolean;
  /** Title of the browser tab and of every printed sheet. */
  readonly title: string;
  /** A notice above everything, repeated on every printed sheet: `REHEARSAL …`. */
  readonly notice: string | undefined;
  /** A small line over the headline. */
  readonly eyebrow: string;
  readonly headline: string;
  /** The colour of the header's edge. */
  readonly mood: 'good' | 'warn' | 'bad' | 'open';
  /** Sentences under the headline. */
  readonly lead: Markup;
}

const sha = (text: string) => `'sha256-${createHash('sha256').update(text).digest('base64')}'`;

/** The first characters of a page of this kind; no other program writes them. */
export function signatureOf(kind: PageKind): string {
  return `<!doctype html>\n<!-- leavers ${kind} page -->\n`;
}

/** Everything before the first section. */
export function openDocument({ kind, interactive, title, notice, eyebrow, headline, mood, lead }: PageHead): string {
  const styles = style + pageMargins(title, notice);
  const policy = `default-src 'none'; style-src ${sha(styles)}${interactive ? `; script-src ${sha(script)}` : ''}; base-uri 'none'; form-action 'none'`;
  const band =
    notice === undefined ? markup`` : markup`<p class="rehearsal" role="note"><strong>${notice}</strong></p>`;
  const page = markup`<html lang="en"><head><meta charset="utf-8">
<meta http-equiv="Content-Security-Policy" content="${policy}">
<meta name="viewport" content="width=device-width, initial-scale=1"><meta name="robots" content="noindex"><meta name="referrer" content="no-referrer">
<title>${notice === undefined ? '' : 'REHEARSAL: '}${title}</title><style>${new Raw(styles)}</style></head>
<body><a class="skip" href="#main">Skip to content</a>
<header class="${mood}">${band}<div><p class="eyebrow">${eyebrow}</p><h1>${headline}</h1>${lead}</div></header>
<main id="main">
`;
  return signatureOf(kind) + page.text;
}

interface PageFooter {
  readonly version: string;
  /** Epoch ms. */
  readonly now: number;
}

/** Everything after the last section. */
export function closeDocument({ version, now, interactive }: Pick<PageHead, 'interactive'> & PageFooter): string {
  return markup`</main>
<footer><p>Made by leavers ${version} on ${timeElement(now)}. The page loads nothing and sends nothing; it can be saved, mailed and printed.</p></footer>
${interactive ? markup`<script>${new Raw(script)}</script>` : undefined}</body></html>
`.text;
}
