import { execFile } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { promisify } from 'node:util';
import type { Command as Program } from 'commander';
import { describe, expect, test } from 'vitest';
import { createProgram } from '../src/commands/program.ts';
import { listPages, ROOT, readPage } from './docs-pages.ts';

const run = promisify(execFile);
const SCRIPTS: Readonly<Record<string, string>> = JSON.parse(readFileSync(join(ROOT, 'package.json'), 'utf8')).scripts;

/** What a command takes. */
type Command = Readonly<{ options: ReadonlySet<string>; commands: ReadonlyMap<string, Command> }>;

const alpr = readCommand(createProgram());

describe('The commands in the documentation', () => {
  test.each(listPages())('%s names commands and options that alpr has', (page) => {
    expect(listShellCommands(page).flatMap((words) => explainAlpr(words))).toEqual([]);
  });

  test.each(listPages())('%s names npm scripts that exist', async (page) => {
    const faults = await Promise.all(listShellCommands(page).map(explainScript));
    expect(faults.flat()).toEqual([]);
  });

  test('the page of the command line lists every command with all its options', () => {
    const rows = [
      ...readPage('docs/reference/command-line.md').matchAll(/^\| `alpr ([a-z -]+?)(?: [A-Z…]+)?` \|(.*)$/gm),
    ];
    const listed = rows.map(([, name = '', rest = '']) => [name, findOptions(rest)]);
    expect(Object.fromEntries(listed)).toEqual(Object.fromEntries(listLeaves(alpr, '')));
  });
});

function readCommand({ options, commands }: Program): Command {
  return {
    options: new Set(options.flatMap(({ long }) => long ?? [])),
    commands: new Map(commands.map((command) => [command.name(), readCommand(command)])),
  };
}

function findOptions(text: string): string[] {
  return [...new Set(text.match(/--[a-z-]+/g) ?? [])].filter((name) => name !== '--help').toSorted();
}

function listLeaves({ commands }: Command, path: string): [string, string[]][] {
  return [...commands].flatMap(([name, command]) => {
    const full = `${path} ${name}`.trim();
    const own = [full, [...command.options].toSorted()] satisfies [string, string[]];
    if (command.commands.size === 0) return [own];
    // One with options of its own does something by itself.
    return [...(command.options.size > 0 ? [own] : []), ...listLeaves(command, full)];
  });
}

/** The commands of a page's shell blocks, as words; comments are left out. */
function listShellCommands(page: string): readonly (readonly string[])[] {
  const blocks = [...readPage(page).matchAll(/^```sh\n(.*?)^```/gms)].map(([, block = '']) => block);
  return blocks
    .flatMap((block) => block.replaceAll('\\\n', ' ').split('\n'))
    .flatMap((line) => line.replace(/(^|\s)#.*$/, '').split(/&&|\||;/))
    .map((command) => command.trim().split(/\s+/));
}

function explainAlpr(words: readonly string[]): readonly string[] {
  const at = words.indexOf('alpr');
  if (at < 0 || (at > 0 && words[at - 1] !== 'npx')) return [];
  let command = alpr;
  const rest = words.slice(at + 1);
  while (rest[0] !== undefined && command.commands.size > 0 && !rest[0].startsWith('-')) {
    const next = command.commands.get(rest[0]);
    if (!next) return [`${words.join(' ')}: there is no command ${rest[0]}`];
    command = next;
    rest.shift();
  }
  const known = new Set([...alpr.options, ...command.options, '--help']);
  const unknown = rest.filter((word) => word.startsWith('--') && !known.has(word.split('=')[0] ?? ''));
  return unknown.map((word) => `${words.join(' ')}: there is no option ${word}`);
}

const helps = new Map<string, Promise<string>>();

/** What the program says of itself, asked once. */
function askHelp(file: string): Promise<string> {
  const asking = helps.get(file) ?? run(process.execPath, [file, '--help'], { cwd: ROOT }).then(({ stdout }) => stdout);
  helps.set(file, asking);
  return asking;
}

async function explainScript(words: readonly string[]): Promise<readonly string[]> {
  const at = words.indexOf('npm');
  if (at < 0 || words[at + 1] !== 'run') return [];
  const name = words[at + 2] ?? '';
  const script = SCRIPTS[name];
  if (script === undefined) return [`${words.join(' ')}: there is no script ${name}`];
  const options = words.slice(words.indexOf('--') + 1).filter((word) => word.startsWith('--'));
  const file = /^node (\S+)$/.exec(script)?.[1];
  if (!words.includes('--') || options.length === 0) return [];
  if (file === undefined) return [`${words.join(' ')}: ${name} takes no options`];
  const known = findOptions(await askHelp(file));
  return options
    .filter((option) => !known.includes(option))
    .map((option) => `${words.join(' ')}: there is no ${option}`);
}
