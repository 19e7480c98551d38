#!/usr/bin/env node
// Plain JavaScript for any Node: the sources need the Node that the project brings, unless the running one is as new.
import { spawn } from 'node:child_process';
import { existsSync, readFileSync } from 'node:fs';
import * as module from 'node:module';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';

const OLDEST_NODE = 24;
const root = dirname(dirname(fileURLToPath(import.meta.url)));
const packages = join(root, 'node_modules');
const ownNode = join(packages, 'node', 'bin', process.platform === 'win32' ? 'node.exe' : 'node');

const isNewEnough = Number.parseInt(process.versions.node, 10) >= OLDEST_NODE;

if (!existsSync(join(packages, '.package-lock.json')) || !(isNewEnough || existsSync(ownNode))) {
  answerUninstalled(process.argv[2]);
} else if (isNewEnough) {
  // Compiled once, the sources take a third of the time to start.
  module.enableCompileCache?.();
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

/** What can be said without the packages: the version, and what to do. */
function answerUninstalled(argument) {
  const install = `Run "npm start" in ${root} first, or "node tools/prepare.js" to install them only.`;
  const { version, description } = JSON.parse(readFileSync(join(root, 'package.json'), 'utf8'));
  if (['-V', '--version'].includes(argument)) console.log(version);
  else if (['-h', '--help', 'help'].includes(argument))
    console.log(
      `OVR-ALPR ${version}: ${description}.\nThe packages are not installed. ${install}\nThen "alpr --help" lists the commands.`,
    );
  else fail(`The packages are not installed. ${install}`);
}

function fail(sentence) {
  process.stderr.write(`alpr: ${sentence}\n`);
  process.exit(1);
}
