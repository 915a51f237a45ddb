// Builds dist/ by rolldown.config.ts. Says nothing when all is well; rolldown's own command lists every chunk.
import { rolldown } from 'rolldown';
import config from './rolldown.config.ts';

const { output = {}, ...input } = config;
await using bundle = await rolldown(input);
for (const each of [output].flat()) await bundle.write(each);
