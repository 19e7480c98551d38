import { readdirSync, readFileSync, statSync } from 'node:fs';
import { dirname, join, relative, resolve } from 'node:path';
import { describe, expect, test } from 'vitest';

const ROOT = resolve(import.meta.dirname, '..');
const SRC = join(ROOT, 'src');
const ADAPTERS = ['models', 'camera', 'bus', 'db', 'search', 'images', 'channels'];

type Source = Readonly<{ path: string; folder: string; lines: number; text: string; imports: readonly string[] }>;

const sources = listFiles(SRC)
  .filter((file) => /\.tsx?$/.test(file) && !file.endsWith('.d.ts'))
  .map(readSource);

/** Folders that are a service: each has its `service.ts`. */
const SERVICES = sources
  .filter(({ path, folder }) => path === `${folder}/service.ts` && folder !== 'base')
  .map(({ folder }) => folder);

function listFiles(folder: string): string[] {
  return readdirSync(folder).flatMap((name) => {
    const path = join(folder, name);
    return statSync(path).isDirectory() ? listFiles(path) : [path];
  });
}

function readSource(file: string): Source {
  const text = readFileSync(file, 'utf8');
  const path = relative(SRC, file).replaceAll('\\', '/');
  const found = text.matchAll(
    /(?:^|\n)\s*(?:import|export)\s[^'";]*?from\s+'([^']+)'|\bimport\(\s*'([^']+)'|(?:^|\n)import\s+'([^']+)'/g,
  );
  const imports = [...found].map((match) => {
    const name = (match[1] ?? match[2] ?? match[3]) as string;
    return name.startsWith('.') ? relative(SRC, resolve(dirname(file), name)).replaceAll('\\', '/') : name;
  });
  return { path, folder: path.split('/')[0] as string, lines: text.split('\n').length, text, imports };
}

/** Every import from a file that `from` selects to a target that `to` selects, as `file → target`. */
function arrows(from: (source: Source) => boolean, to: (target: string, source: Source) => boolean): string[] {
  return sources
    .filter(from)
    .flatMap((source) =>
      source.imports.filter((target) => to(target, source)).map((target) => `${source.path} → ${target}`),
    );
}

const isOwn = (target: string) => sources.some((source) => source.path === target) || /\.(tsx?|css|json)$/.test(target);
const folderOf = (target: string) => target.split('/')[0] as string;

describe('The house stands as the design draws it', () => {
  test('the sources are found at all', () => {
    expect(sources.length).toBeGreaterThan(60);
    expect(SERVICES).toEqual(expect.arrayContaining(['edge', 'ingest', 'indexer', 'api']));
    expect(arrows(() => true, isOwn).length).toBeGreaterThan(100);
  });

  test('vision imports nothing outside itself', () => {
    expect(
      arrows(
        (source) => source.folder === 'vision',
        (target) => folderOf(target) !== 'vision',
      ),
    ).toEqual([]);
  });

  test('a service never imports a service', () => {
    const offending = arrows(
      (source) => SERVICES.includes(source.folder),
      (target, source) => isOwn(target) && SERVICES.includes(folderOf(target)) && folderOf(target) !== source.folder,
    );
    expect(offending).toEqual([]);
  });

  test('services know ports, only app/ opens adapters', () => {
    const ports = [
      'bus/bus.ts',
      'bus/dead-letters.ts',
      'bus/transport.ts',
      'db/sql.ts',
      'search/search.ts',
      'search/search-index.ts',
      'images/images.ts',
      'channels/channel.ts',
      'camera/camera.ts',
      'models/registry/registry.ts',
      'vision/session.ts',
    ];
    const offending = arrows(
      (source) => SERVICES.includes(source.folder),
      (target) =>
        isOwn(target) && ADAPTERS.includes(folderOf(target)) && !ports.includes(target) && !/config\.ts$/.test(target),
    );
    expect(offending).toEqual([]);
  });

  test('an adapter never imports an adapter', () => {
    const offending = arrows(
      (source) => ADAPTERS.includes(source.folder),
      (target, source) =>
        isOwn(target) &&
        ADAPTERS.includes(folderOf(target)) &&
        folderOf(target) !== source.folder &&
        target !== 'db/sql.ts',
    );
    expect(offending).toEqual([]);
  });

  test('commands are imported by cli.ts alone', () => {
    const offending = arrows(
      (source) => source.folder !== 'commands' && source.path !== 'cli.ts',
      (target) => folderOf(target) === 'commands',
    );
    expect(offending).toEqual([]);
    const outside = ['bench', 'tools'].flatMap((folder) => listFiles(join(ROOT, folder)));
    const importing = outside.filter(
      (file) => /\.ts$/.test(file) && /src\/commands\//.test(readFileSync(file, 'utf8')),
    );
    expect(importing).toEqual([]);
  });

  test('only app/ opens adapters', () => {
    const opened = /^(bus|db|images|search|camera|models|channels)\/open\.ts$/;
    const offending = arrows(
      (source) => !['app', 'commands', 'eval'].includes(source.folder),
      (target, source) => opened.test(target) && folderOf(target) !== source.folder,
    );
    expect(offending).toEqual([]);
  });

  test('every service has a service.ts that stands in the table', () => {
    const table = sources.find(({ path }) => path === 'app/services.ts')?.imports ?? [];
    const services = sources.filter(({ path }) => /(^|\/)service\.ts$/.test(path) && !path.startsWith('base/'));
    expect(services.length).toBeGreaterThan(4);
    expect(services.map(({ path }) => path).filter((path) => !table.includes(path))).toEqual([]);
  });

  test('routes take their schemas from the contract', () => {
    const offending = arrows(
      (source) => source.path.startsWith('api/routes/'),
      (target) => target === 'zod',
    );
    expect(offending).toEqual([]);
  });

  test('the page knows the contract and HTTP', () => {
    const offending = arrows(
      (source) => source.folder === 'web',
      (target) => isOwn(target) && !['web', 'contract'].includes(folderOf(target)),
    );
    expect(offending).toEqual([]);
  });

  test('one third-party client has one file', () => {
    const everywhere = new Set(['zod', 'preact', 'preact/hooks', 'fastify', 'fastify-type-provider-zod', 'vite']);
    const users = new Map<string, string[]>();
    for (const source of sources) {
      for (const target of source.imports) {
        if (isOwn(target) || target.startsWith('node:') || everywhere.has(target)) continue;
        if (new RegExp(`import type[^;]*'${target}'`).test(source.text)) continue;
        users.set(target, [...(users.get(target) ?? []), source.path]);
      }
    }
    expect([...users].filter(([, paths]) => new Set(paths).size > 1)).toEqual([]);
  });

  test('only config.ts reads the environment and only cli.ts ends the process', () => {
    const reading = sources.filter((source) => /process\.env/.test(source.text)).map((source) => source.path);
    const ending = sources.filter((source) => /process\.exit\b/.test(source.text)).map((source) => source.path);
    expect(reading).toEqual(['app/config.ts']);
    expect(ending).toEqual(['cli.ts']);
  });

  test('no file imports in a circle', () => {
    expect(findCircles()).toEqual([]);
  });

  test('nobody inside imports an index.ts of its own folder', () => {
    expect(
      arrows(
        () => true,
        (target, source) => /(^|\/)index\.ts$/.test(target) && folderOf(target) === source.folder,
      ),
    ).toEqual([]);
  });

  test('a file is one thought: none above 400 lines, nine of ten within 250', () => {
    const lengths = sources.map((source) => source.lines).toSorted((a, b) => a - b);
    expect(sources.filter((source) => source.lines > 400).map((source) => source.path)).toEqual([]);
    expect(lengths[Math.floor(lengths.length * 0.9)]).toBeLessThanOrEqual(250);
  });
});

describe('SQL on our tables stands in the store', () => {
  const tables = listFiles(join(ROOT, 'sql')).flatMap((file) =>
    [...readFileSync(file, 'utf8').matchAll(/CREATE (?:OR REPLACE )?(?:MATERIALIZED )?(?:TABLE|VIEW) (\w+)/g)].map(
      ([, name]) => name as string,
    ),
  );

  test('the migrations say which tables are ours', () => {
    expect(tables).toEqual(expect.arrayContaining(['plate_events', 'dead_letters', 'counted_hours']));
  });

  test('no file outside store/ and search/sql/ names one of them', () => {
    // A word of everyday speech is a table only behind a word of SQL.
    const spell = (table: string) => (table === 'alerts' ? `(?:FROM|JOIN|INTO|UPDATE|TABLE)\\s+${table}` : table);
    // A colon follows where the configuration has a key of that name, and a file may be called after what is in it.
    const named = new RegExp(`\\b(?:${[...new Set(tables)].map(spell).join('|')})\\b(?!:|\\.yaml)`);
    const offending = sources
      .filter(({ path, text }) => !/^(?:store|search\/sql)\//.test(path) && named.test(text))
      .map(({ path }) => path);
    expect(offending).toEqual([]);
  });

  test('where data is kept no service is known', () => {
    const offending = arrows(
      (source) => source.folder === 'store' || ADAPTERS.includes(source.folder),
      (target) => isOwn(target) && SERVICES.includes(folderOf(target)),
    );
    expect(offending).toEqual([]);
  });
});

/** Depth-first search over value imports; each circle is reported once, by the file it was met again in. */
function findCircles(): string[] {
  const graph = new Map(sources.map((source) => [source.path, source.imports.filter((target) => isOwn(target))]));
  const state = new Map<string, 'open' | 'done'>();
  const circles: string[] = [];
  const visit = (path: string, trail: readonly string[]) => {
    if (state.get(path) === 'open') circles.push([...trail.slice(trail.indexOf(path)), path].join(' → '));
    if (state.has(path)) return;
    state.set(path, 'open');
    for (const next of graph.get(path) ?? []) visit(next, [...trail, path]);
    state.set(path, 'done');
  };
  for (const path of graph.keys()) visit(path, []);
  return circles;
}
