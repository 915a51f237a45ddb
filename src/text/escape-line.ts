// JSON as it may stand in a file, a terminal or a page. What it holds is for whoever writes it.

const hidden = /[\u007f-\u009f\u2028\u2029\u200e\u200f\u202a-\u202e\u2066-\u2069]/g;

/** What a terminal or a page could take for more than text is escaped as JSON allows; JSON.stringify leaves it as it is. */
export function escapeLine(json: string): string {
  return json.replace(hidden, (char) => `\\u${char.charCodeAt(0).toString(16).padStart(4, '0')}`);
}
