import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { createLog } from '../../src/base/log.ts';
import { renderUnit } from '../../src/commands/service/unit.ts';
import { toStreams } from '../../tools/observe/push-logs.ts';

const config = readFileSync(join(import.meta.dirname, '..', '..', 'deploy', 'alloy', 'config.alloy'), 'utf8');

test('Alloy hands on to components that there are, and every one gets something or is one that begins', () => {
  const components = [...config.matchAll(/^([a-z_.]+) "([a-z]+)" \{$/gm)].map(([, kind, label]) => `${kind}.${label}`);
  const given = [...config.matchAll(/^ {2}\w+\s+= \[?([a-z_.]+)\.(?:targets|output|receiver)\]?$/gm)].map(
    ([, to]) => to,
  );
  expect(given.length).toBeGreaterThan(4);
  expect(given.filter((to) => !components.includes(to ?? ''))).toEqual([]);
  const unused = components.filter((one) => !one.startsWith('loki.source.') && !given.includes(one));
  expect(unused).toEqual([]);
});

test('Alloy reads of our lines what they have, and labels them as pushed ones are', () => {
  const lines: string[] = [];
  const target = { write: (text: string) => lines.push(text), isTerminal: false, hasColours: false };
  createLog({ level: 'info' }, target).child({ service: 'edge', site: 'home' }).info({}, 'an event is spooled');
  const namesIn = (attribute: string) =>
    [...(new RegExp(`${attribute}\\s+= \\{(.+)\\}`).exec(config)?.[1] ?? '').matchAll(/(\w+) = ""/g)].map(
      ([, name]) => name,
    );
  expect(Object.keys(JSON.parse(lines[0] ?? '{}'))).toEqual(expect.arrayContaining(namesIn('expressions')));
  const [pushed] = toStreams(lines);
  // The name of the container is a label that Docker knows.
  expect(['container', ...namesIn('values')].toSorted()).toEqual(Object.keys(pushed?.stream ?? {}).toSorted());
});

test('Alloy looks in the journal for the name that our units give their lines', () => {
  const [, name] = /"SYSLOG_IDENTIFIER=(\w+)"/.exec(config) ?? [];
  const unit = renderUnit({
    ...{
      name: 'edge',
      summary: 'run the cameras',
      node: '/usr/bin/node',
      program: '/opt/alpr',
      config: '/etc/alpr.yaml',
    },
    ...{ data: '/var/lib/alpr', user: 'alpr', devices: 'none' },
  });
  expect(unit.split('\n')).toContain(`SyslogIdentifier=${name}`);
});
