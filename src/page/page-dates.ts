// Moments on a page: in UTC for readers without script, in the reader's own zone with it.
import { type Markup, markup } from './markup.ts';

const format = new Intl.DateTimeFormat('en-GB', {
  day: 'numeric',
  month: 'short',
  year: 'numeric',
  hour: '2-digit',
  minute: '2-digit',
  timeZone: 'UTC',
});

/** `24 Nov 2026, 05:13`, in UTC; an empty text when the moment is unknown. */
export function shortMoment(at: number): string {
  return Number.isNaN(at) || at === 0 ? '' : format.format(at);
}

/** An element that the page's script shows in the reader's zone. */
export function timeElement(at: number): Markup {
  if (Number.isNaN(at)) return markup`an unknown time`;
  return markup`<time datetime="${new Date(at).toISOString()}">${shortMoment(at)} UTC</time>`;
}
