// Builds dist/ by rolldown.config.ts. Says nothing when all is well; rolldown's own command lists every chunk.
import { build } from 'rolldown';
import config from './rolldown.config.ts';

await build(config);
