// csv-parse with nothing around it, in the form that planning needs: rows as they come, columns by name, with their lines. Word: the file.
import { createReadStream } from 'node:fs';
import { parse } from 'csv-parse';

let rows = 0;
const parser = createReadStream(process.argv[2] ?? '').pipe(parse({ columns: true, bom: true, info: true }));
for await (const { record } of parser as AsyncIterable<{ record: Record<string, string> }>)
  rows += record['action'] === undefined ? 0 : 1;
process.stdout.write(String(rows));
