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

var fs = require('node:fs');
var path = require('node:path');

// Node runs the bytecode of the cache unchecked, so nobody else may be able to write it. Every folder on the way must belong to this
// user or root, and no other user may be able to replace it: a writable parent lets another user swap the folder.
function isOwn(folder, uid) {
  var stat = fs.lstatSync(folder);
  if (!stat.isDirectory() || stat.uid !== uid || (stat.mode & 63) !== 0) return false;
  for (var at = path.dirname(folder); ; at = path.dirname(at)) {
    stat = fs.lstatSync(at);
    if (!stat.isDirectory() || (stat.uid !== uid && stat.uid !== 0)) return false;
    // In a sticky folder such as /tmp only the owner can rename an entry.
    if ((stat.mode & 18) !== 0 && (stat.mode & 512) === 0) return false;
    if (at === path.dirname(at)) return true;
  }
}

// The folder of the cache, or undefined where no safe one can be had: the program works without.
function cacheFolder() {
  if (process.getuid === undefined) return undefined;
  var base = process.env.XDG_CACHE_HOME || (process.env.HOME && path.join(process.env.HOME, '.cache'));
  if (!base || !path.isAbsolute(base)) return undefined;
  try {
    fs.mkdirSync(path.join(base, 'leavers'), { recursive: true, mode: 448 });
    var folder = path.join(fs.realpathSync(base), 'leavers');
    return isOwn(folder, process.getuid()) ? folder : undefined;
  } catch (error) {
    void error;
    return undefined;
  }
}

// Node has read NODE_COMPILE_CACHE before this line: that folder is the operator's choice and stays as it is.
var cache = process.env.NODE_COMPILE_CACHE ? undefined : cacheFolder();
if (cache !== undefined) require('node:module').enableCompileCache(cache);
void import('../dist/main.js');
