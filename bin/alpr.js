#!/usr/bin/env node
// Plain JavaScript for any Node: the sources need the Node that the project brings, unless the running one is as new.
import { spawn } from 'node:child_process';
import { existsSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';

const OLDEST_NODE = 24;
const root = dirname(dirname(fileURLToPath(import.meta.url)));
const packages = join(root, 'node_modules');
const ownNode = join(packages, 'node', 'bin', process.platform === 'win32' ? 'node.exe' : 'node');

const isNewEnough = Number.parseInt(process.versions.node, 10) >= OLDEST_NODE;

if (!existsSync(join(packages, '.package-lock.json')) || !(isNewEnough || existsSync(ownNode))) {
  fail(
    `The packages are not installed. Run "npm start" in ${root} first, or "node tools/prepare.js" to install them only.`,
  );
} else if (isNewEnough) {
  await import('../src/cli.ts');
} else {
  runWith(ownNode);
}

/** Runs this file again on another Node: signals are passed on to it, and its exit code is passed back. */
function runWith(node) {
  const child = spawn(node, [fileURLToPath(import.meta.url), ...process.argv.slice(2)], { stdio: 'inherit' });
  for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP']) {
    process.on(signal, () => {
      // A terminal sends Ctrl-C to both processes, and a second one would end the program in the middle of its stop.
      if (signal !== 'SIGINT' || !process.stdin.isTTY) child.kill(signal);
    });
  }
  child.on('error', (error) => fail(`${node} does not start: ${error.message}`));
  child.on('exit', (code, signal) => {
    if (signal === null) process.exit(code);
    process.removeAllListeners(signal);
    process.kill(process.pid, signal);
  });
}

function fail(sentence) {
  process.stderr.write(`alpr: ${sentence}\n`);
  process.exit(1);
}
