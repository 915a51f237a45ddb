#!/usr/bin/env node
// The door: says in one sentence when Node is too old to read the rest, and turns the compile cache on. Old syntax on purpose.
'use strict';
var major = parseInt(process.versions.node, 10);
if (major < 24) {
  process.stderr.write(
    'leavers needs Node 24 or newer, and this is Node ' +
      process.versions.node +
      '; install Node 24 (or run it through npx in a checkout, which brings its own).\n',
  );
  process.exit(78);
}
require('node:module').enableCompileCache();
void import('../dist/cli.js');
