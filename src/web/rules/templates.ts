import type { Tree } from './rule-parts.ts';

/** What people most often want to be told; each begins a rule. */
export const TEMPLATES = {
  blank: { match: { every_passage: true } },
  gate: { match: { list: [] }, when: { direction: ['in'] }, act_at: { provisional: 0.9 } },
  watch: { match: { exact: [] }, severity: 'critical' },
  unclear: { match: { likelihood: { of: [], at_least: 0.2 } }, verify: true },
  strangers: {
    match: { not_on: [] },
    when: { schedule: { from: '22:00', to: '05:00' } },
    cooldown: { for: '12h', per: 'plate' },
  },
  often: {
    match: { every_passage: true },
    when: { count: { at_least: 5, within: '7d', same: 'anywhere' } },
    cooldown: { for: '7d', per: 'plate' },
  },
  first: { match: { every_passage: true }, when: { not_seen_for: '3650d' }, severity: 'info' },
  cloned: {
    match: { every_passage: true },
    when: { site: [], too_soon_after: { site: [], sooner_than: '20m' } },
    severity: 'critical',
  },
  waiting: { match: { every_passage: true }, when: { stationary: { at_least: '10m' } } },
  overstay: { match: { every_passage: true }, when: { visit: { longer_than: '3h', in: 'in', out: 'out' } } },
  down: { system: { camera_down: { for: '5m' } } },
} as const satisfies Readonly<Record<string, Tree>>;

/** Names of the templates. */
export type TemplateName = keyof typeof TEMPLATES;

/** Their names in the order in which they are offered. */
export const TEMPLATE_NAMES = Object.keys(TEMPLATES) as readonly TemplateName[];
