import type { BackTestProgress } from '../../contract/api/back-test.ts';
import type { KeptRule } from '../../contract/api/rules.ts';
import type { Rule, RuleInput } from '../../contract/rule.ts';
import { ask, RequestError, request } from '../data/request.ts';

type KeptRules = Readonly<{
  rules: readonly KeptRule[];
  file: Readonly<{ path: string; error: string | null }> | null;
}>;

export function fetchRules(signal: AbortSignal): Promise<KeptRules> {
  return request('/rules', { signal });
}

export function writeRule(rule: RuleInput): Promise<Rule> {
  return request(`/rules/${rule.id}`, { method: 'PUT', body: rule });
}

export function removeRule(id: string): Promise<object> {
  return request(`/rules/${id}`, { method: 'DELETE' });
}

/** A rule as the server reads it; an error says what does not fit, and in which line. */
export async function checkRule(yaml: string, signal?: AbortSignal): Promise<Rule> {
  const { rule } = await request<{ rule: Rule }>('/rules/check', { method: 'POST', body: { yaml }, signal });
  return rule;
}

type Trial = Readonly<{ rule: Rule; before: Rule | undefined; from: string; to: string }>;

/** Tries a rule on what is stored; `onProgress` gets each answer, of which the last is complete. */
export async function tryRule(
  trial: Trial,
  signal: AbortSignal,
  onProgress: (progress: BackTestProgress) => void,
): Promise<void> {
  const { body } = await ask('/rules/back-test', { method: 'POST', body: trial, signal });
  let done = 0;
  let rest = '';
  const reader = body?.pipeThrough(new TextDecoderStream()).getReader();
  for (let part = await reader?.read(); part && !part.done; part = await reader?.read()) {
    const lines = (rest + part.value).split('\n');
    rest = lines.pop() ?? '';
    const newest = lines.findLast((line) => line !== '');
    if (newest === undefined) continue;
    const progress: BackTestProgress = JSON.parse(newest);
    done = progress.done;
    onProgress(progress);
  }
  if (done < 1) throw new RequestError('UNREACHABLE', '/rules/back-test');
}
