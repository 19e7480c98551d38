import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { parseSync } from 'vite';
import { describe, expect, test } from 'vitest';
import type { Language } from '../../src/contract/api/auth.ts';
import { loadOperations } from '../../src/web/audit/load-operations.ts';
import { messages as english } from '../../src/web/languages/en/messages.ts';
import { models } from '../../src/web/languages/en/models.ts';
import { operations } from '../../src/web/languages/en/operations.ts';
import { chooseLanguage, LANGUAGES, loadMessages } from '../../src/web/languages/languages.ts';
import { loadModelMessages } from '../../src/web/models/load-messages.ts';
import { createWords } from '../../src/web/words.ts';

const WEB = join(import.meta.dirname, '..', '..', 'src', 'web');
const OTHERS = (Object.keys(LANGUAGES) as Language[]).filter((language) => language !== 'en');

type Node = Readonly<Record<string, unknown>>;
type Message = Readonly<{ path: string; told: string; given: readonly string[] }>;

/** Every message of a language as text; its placeholders are filled with signs that no message has. */
function tellAll(value: unknown, path = ''): readonly Message[] {
  if (typeof value === 'string') return [{ path, told: value, given: [] }];
  if (typeof value === 'function') {
    const given = Array.from({ length: value.length }, (_, index) => `⟨${index}⟩`);
    return [{ path, told: String(value(...given)), given }];
  }
  return Object.entries(value as object).flatMap(([name, part]) =>
    tellAll(part, path === '' ? name : `${path}.${name}`),
  );
}

const placeholdersOf = (told: string) => [...new Set(told.match(/⟨\d⟩/g))].toSorted();

/** Messages that are the same word as in English: names, units, and words that a language has in common with it. */
const COMMON: Readonly<Record<string, RegExp>> = {
  de: /^(frame\.((names|short)\.(live|system)|connection\.open)|search\.zone|read\.(revision|vehicles\.bus|detector|version)|search\.modes\.filter|system\.(status|version)|audit\.actions\.export|reports\.columns\.region|models\.groupBy\.region)$/,
  es: /^(frame\.dayUnit|read\.detector)$/,
  pt: /^(frame\.dayUnit|read\.detector)$/,
  fr: /^(frame\.short\.audit|health\.passages\.\d|people\.sites|privacy\.(whats\.(documents|messages)\.\d|messages\.\d)|cameras\.(marks\.zone|corner)|search\.(direction|zone|site)|read\.(zones|source|sourceAndSite|version)|system\.(source|version)|reports\.columns\.(messages|name))$/,
};
const NAMES =
  /^(system\.(api|kinds\.(kafka|postgres|opensearch))|channels\.kinds\.(slack|webhook|mqtt)|rules\.panes\.yaml)$/;

/** The texts of a language, also those that come with a screen. */
const loadAll = async (language: Language) => ({
  ...(await loadMessages(language)),
  models: await loadModelMessages(language),
  operations: await loadOperations(language),
});

describe.each(OTHERS)('%s', (language) => {
  test('says everything that English says, with the same values in it', async () => {
    const told = tellAll(await loadAll(language));
    const shape = (all: readonly Message[]) =>
      all.map(({ path, told, given }) => [path, given.length, placeholdersOf(told)]);
    expect(shape(told)).toEqual(shape(tellAll({ ...english, models, operations })));
  });

  test('has no message left in English', async () => {
    const inEnglish = new Map(tellAll({ ...english, models, operations }).map(({ path, told }) => [path, told]));
    const same = tellAll(await loadAll(language)).filter(
      ({ path, told }) => /\p{L}{2}/u.test(told.replaceAll(/⟨\d⟩/g, '')) && inEnglish.get(path) === told,
    );
    const unlisted = same.map(({ path }) => path).filter((path) => !NAMES.test(path) && !COMMON[language]?.test(path));
    expect(unlisted).toEqual([]);
  });
});

test('a browser gets the first of its languages that the page speaks', () => {
  expect(chooseLanguage(['nl-NL', 'pt-BR', 'en'])).toBe('pt');
  expect(chooseLanguage(['de-AT'])).toBe('de');
  expect(chooseLanguage(['ja', 'zh-Hans'])).toBe('en');
});

test.each([
  ['de-DE', '99,9 %', 'zu über 99,9 % richtig', '12.345 Erkennungen', 'vor 3 Tagen', '14:05:00'],
  ['fr-FR', '99,9 %', 'juste avec une probabilité de plus de 99,9 %', '12 345 lectures', 'il y a 3 jours', '14:05:00'],
  ['es-ES', '99,9 %', 'más del 99,9 % de probabilidad de ser correcta', '12.345 lecturas', 'hace 3 días', '14:05:00'],
  ['pt-BR', '99,9%', 'mais de 99,9% de probabilidade de estar certo', '12.345 leituras', 'há 3 dias', '14:05:00'],
  ['en-US', '99.9%', 'over 99.9% likely to be right', '12,345 reads', '3 days ago', '02:05:00 PM'],
])('%s writes numbers, counts and times as its readers do', async (locale, percent, likely, count, away, time) => {
  const t = await loadMessages(chooseLanguage([locale]));
  const words = createWords({ t, locale, zone: 'Europe/Berlin' });
  const plain = (text: string) => text.replaceAll(/\s/g, ' ');
  const at = Date.parse('2026-07-01T12:05:00Z');
  expect(plain(words.percent(0.9996))).toBe(percent);
  expect(plain(t.alerts.probability(words.likelihoodInWords(1)))).toBe(likely);
  expect(plain(words.countOf(12_345, t.frame.reads))).toBe(count);
  expect(plain(words.away(at - 3 * 86_400_000, at))).toBe(away);
  expect(plain(words.time(new Date(at).toISOString(), at))).toBe(time);
});

/** Attributes that a person neither sees nor hears. */
const TECHNICAL =
  /^(class|type|id|for|htmlFor|key|href|src|rel|target|role|tabindex|name|value|kind|icon|screen|size|tone|scope|method|rows|loading|decoding|autocomplete|autocapitalize|inputMode|pattern|step|enterKeyHint|preserveAspectRatio|viewBox|transform|d|points|focusable|data-.*|lang|download|list|popover(target)?|shape-rendering|aria-(hidden|labelledby|describedby|live|current|pressed|controls|haspopup))$/;
const CODE = /^(code|pre|kbd)$/;
/** Names and units that are the same everywhere. */
const SAME = /^(OVR|ALPR|JSON|Esc|px|[\s\d\p{P}\p{S}]*)$/u;

/** Texts of one source that stand in the markup, where a person sees or hears them. */
function findLiterals(path: string): readonly string[] {
  const found: string[] = [];
  const say = (text: unknown) => {
    if (typeof text === 'string' && !SAME.test(text.trim())) found.push(text.trim());
  };
  const sayValue = (node: Node | null | undefined): void => {
    if (node?.type === 'Literal') say(node.value);
    if (node?.type === 'TemplateLiteral') {
      for (const { value } of node.quasis as readonly { value: { cooked: string } }[]) say(value.cooked);
    }
    if (node?.type === 'JSXExpressionContainer') sayValue(node.expression as Node);
    if (node?.type === 'ConditionalExpression')
      for (const side of [node.consequent, node.alternate]) sayValue(side as Node);
    if (node?.type === 'LogicalExpression' || node?.type === 'BinaryExpression') {
      if (node.operator === '+' || node.operator === '??' || node.operator === '||') sayValue(node.left as Node);
      if (/^(\+|\?\?|\|\||&&)$/.test(String(node.operator))) sayValue(node.right as Node);
    }
  };
  const walk = (node: unknown): void => {
    if (Array.isArray(node)) for (const part of node) walk(part);
    if (Array.isArray(node) || typeof node !== 'object' || node === null) return;
    const { type, ...rest } = node as Node;
    if (type === 'JSXText') say(rest.value);
    if (type === 'JSXAttribute' && !TECHNICAL.test(String((rest.name as Node).name))) sayValue(rest.value as Node);
    if (type === 'JSXElement' || type === 'JSXFragment') {
      const name = ((rest.openingElement as Node | undefined)?.name as Node | undefined)?.name;
      if (CODE.test(String(name))) return;
      for (const child of rest.children as readonly Node[])
        if (child.type === 'JSXExpressionContainer') sayValue(child);
    }
    for (const part of Object.values(rest)) walk(part);
  };
  walk(parseSync(path, readFileSync(path, 'utf8')).program);
  return found;
}

test('no text stands in the markup: all of it comes from the languages', () => {
  const files = readdirSync(WEB, { recursive: true, encoding: 'utf8' }).filter((path) => path.endsWith('.tsx'));
  expect(files.length).toBeGreaterThan(30);
  const found = files.flatMap((path) => findLiterals(join(WEB, path)).map((text) => `${path}: ${text}`));
  expect(found).toEqual([]);
});
