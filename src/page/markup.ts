// `markup`: an HTML template that escapes every value unless it is markup already.
import { escapeUnsafe, neutralize } from '../text/sanitize.ts';

/** HTML that is safe to put into a page. */
export class Markup {
  readonly text: string;

  constructor(text: string) {
    this.text = text;
  }
}

type Part = Markup | string | number | undefined | readonly Part[];

/** The tag of an HTML template. Undefined renders as nothing, a list as its joined parts. */
export function markup(parts: TemplateStringsArray, ...values: readonly Part[]): Markup {
  return new Markup(parts.map((part, at) => (at === 0 ? part : `${render(values[at - 1])}${part}`)).join(''));
}

function render(value: Part): string {
  if (value === undefined) return '';
  if (value instanceof Markup) return value.text;
  return typeof value === 'object' ? value.map(render).join('') : escape(String(value));
}

const escapes: Readonly<Record<string, string>> = {
  '&': '&amp;',
  '<': '&lt;',
  '>': '&gt;',
  '"': '&quot;',
  "'": '&#39;',
};

function escape(text: string): string {
  return neutralize(text).replace(/[&<>"']/g, (char) => escapes[char] ?? '');
}

/** A value as JSON, escaped for a script element. */
export function jsonScript(value: unknown): Markup {
  return new Markup(
    escapeUnsafe(JSON.stringify(value)).replace(/[<>&]/g, (char) => `\\u00${char.charCodeAt(0).toString(16)}`),
  );
}
