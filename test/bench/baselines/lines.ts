// NDJSON parsed line by line with nothing around it. Word: the file.
import { createReadStream } from 'node:fs';

let rows = 0;
let rest = '';
for await (const text of createReadStream(process.argv[2] ?? '', 'utf8') as AsyncIterable<string>) {
  const lines = (rest + text).split('\n');
  rest = lines.pop() ?? '';
  for (const line of lines) rows += typeof JSON.parse(line) === 'object' ? 1 : 0;
}
process.stdout.write(String(rows));
