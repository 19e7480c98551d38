import { Readable } from 'node:stream';
import { AlprError } from '../../base/errors.ts';
import { stringifyYaml } from '../../base/yaml.ts';
import { type BackTestProgress, backTestBodySchema, backTestLinesSchema } from '../../contract/api/back-test.ts';
import { goneSchema, noQuery } from '../../contract/api/fields.ts';
import { problemSchema } from '../../contract/api/problem.ts';
import { checkedRuleSchema, keptRulesSchema, ruleParamsSchema, ruleYamlSchema } from '../../contract/api/rules.ts';
import { type Rule, ruleSchema } from '../../contract/rule.ts';
import { backTest } from '../../rules/back-test/back-test.ts';
import { parseRule } from '../../rules/parse-rules-file.ts';
import { compileRules } from '../../rules/rule-book.ts';
import { listRules, removeRule, writeRule } from '../../store/alerts/rules.ts';
import { readRulesFile } from '../../store/alerts/settings.ts';
import { scopeOf, whoAsks } from '../access/guard-routes.ts';
import type { ApiContext, Server } from '../context.ts';

const tags = ['Rules'];
const querystring = noQuery;
const LINES = 'application/x-ndjson';

/** Rules of alerts: those of the page can be changed here. */
export function addRuleRoutes(server: Server, { sql }: ApiContext): void {
  server.get(
    '/rules',
    {
      config: { access: 'alerts', audit: 'view' },
      schema: {
        tags,
        operationId: 'listRules',
        summary: 'All rules, of the page and of the file, and how they did',
        querystring,
        response: { 200: keptRulesSchema },
      },
    },
    async () => ({ rules: await listRules(sql), file: await readRulesFile(sql) }),
  );

  server.put(
    '/rules/:rule',
    {
      config: { access: 'alerts', audit: 'change' },
      schema: {
        tags,
        operationId: 'writeRule',
        summary: 'Write a rule',
        description: 'It is in force a second later.',
        params: ruleParamsSchema,
        querystring,
        body: ruleSchema,
        response: { 200: ruleSchema, 400: problemSchema, 409: problemSchema },
      },
    },
    async (request) => {
      const rule = request.body;
      request.auditNote.query = { rule: request.params.rule };
      if (rule.id !== request.params.rule) {
        throw new AlprError('INPUT_INVALID', `Expected the id ${request.params.rule} in the rule, got ${rule.id}`);
      }
      requireSense(rule);
      const kept = await listRules(sql);
      if (kept.some((one) => one.origin === 'file' && one.rule.id === rule.id)) {
        throw new AlprError('CONFLICT', `The file of rules has ${rule.id}; change it there, or choose another id`);
      }
      await writeRule(sql, rule, whoAsks(request).name);
      return rule;
    },
  );

  server.delete(
    '/rules/:rule',
    {
      config: { access: 'alerts', audit: 'change' },
      schema: {
        tags,
        operationId: 'deleteRule',
        summary: 'Delete a rule of the page; its alerts stay',
        params: ruleParamsSchema,
        querystring,
        response: { 204: goneSchema, 404: problemSchema },
      },
    },
    async (request, reply) => {
      const { rule } = request.params;
      request.auditNote.query = { rule };
      if (!(await removeRule(sql, rule))) {
        throw new AlprError('NOT_FOUND', `The page has no rule ${rule}; rules of the file are removed there`);
      }
      return reply.code(204).send(null);
    },
  );

  server.post(
    '/rules/back-test',
    {
      config: { access: 'alerts', audit: 'search' },
      schema: {
        tags,
        operationId: 'backTestRule',
        summary: 'Try a rule on what is stored',
        description:
          'Streams lines of JSON, about one a second. Each replaces the one before; the last one has `done` 1.',
        querystring,
        body: backTestBodySchema,
        response: {
          200: { description: 'What is known so far', content: { [LINES]: { schema: backTestLinesSchema } } },
          400: problemSchema,
        },
      },
    },
    async (request, reply) => {
      const { rule, before, from, to } = request.body;
      request.auditNote.query = { rule: rule.id, from, to };
      if (Date.parse(from) > Date.parse(to)) throw new AlprError('INPUT_INVALID', 'Expected from before to');
      const ended = new AbortController();
      reply.raw.once('close', () => ended.abort());
      const told = backTest({ sql, rule, before, scope: scopeOf(request), from, to, signal: ended.signal });
      // What cannot be tried at all is refused before the stream begins.
      const first = await told.next();
      return reply.type(LINES).send(Readable.from(writeLines(first, told), { objectMode: false }));
    },
  );

  server.post(
    '/rules/check',
    {
      config: { access: 'alerts', audit: 'view' },
      schema: {
        tags,
        operationId: 'checkRule',
        summary: 'Check the YAML of a rule, and see it in both shapes',
        querystring,
        body: ruleYamlSchema,
        response: { 200: checkedRuleSchema, 400: problemSchema },
      },
    },
    async (request) => {
      const rule = parseRule(request.body.yaml, requireSense);
      return { rule, yaml: stringifyYaml(rule) };
    },
  );
}

async function* writeLines(
  first: IteratorResult<BackTestProgress, void>,
  rest: AsyncGenerator<BackTestProgress>,
): AsyncGenerator<string> {
  if (!first.done) yield `${JSON.stringify(first.value)}\n`;
  for await (const progress of rest) yield `${JSON.stringify(progress)}\n`;
}

/** RULE_INVALID where the schema sees no fault but the rule can match nothing, as with a regular expression that is none. */
function requireSense(rule: Rule): void {
  compileRules([{ ...rule, enabled: true }]);
}
