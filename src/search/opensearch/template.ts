import type { OpenSearchConfig } from '../config.ts';

const LONGEST_MONTH = 31;

const keyword = { type: 'keyword' };

/** Settings and fields of an index. The document contains the event as it came, unindexed. */
export function describeIndex(config: OpenSearchConfig) {
  return {
    settings: { number_of_shards: config.shards, number_of_replicas: config.replicas, refresh_interval: '1s' },
    mappings: {
      dynamic: 'strict',
      properties: {
        event_id: keyword,
        revision: { type: 'integer' },
        status: keyword,
        detected_at: { type: 'date' },
        indexed_at: { type: 'date' },
        hour: keyword,
        site: keyword,
        camera: keyword,
        region: keyword,
        vehicle: keyword,
        direction: keyword,
        zone: keyword,
        confidence: { type: 'float' },
        text: keyword,
        // Trigrams find parts in the middle; ends are found as the beginnings of the reversed text.
        parts: { type: 'wildcard' },
        reversed: keyword,
        folded: keyword,
        // What near texts share, and what likelihood is computed from, without parsing the event.
        near: { type: 'keyword', doc_values: false },
        read: { type: 'binary', doc_values: true },
        candidates: keyword,
        event: { type: 'object', enabled: false },
      },
    },
  };
}

/** The template of the monthly indices, which puts each under the alias from the start. */
export function describeTemplate(config: OpenSearchConfig) {
  return {
    index_patterns: monthPatterns(config),
    priority: 100,
    template: { ...describeIndex(config), aliases: { [config.index]: {} } },
  };
}

/**
 * The index-management (ISM) policy: a month is deleted once its last day is `days` old. ISM counts from the creation
 * of the index, which is the beginning of the month or the day of a rebuild.
 */
export function describeRetention(config: OpenSearchConfig, days: number) {
  return {
    policy: {
      description: `Deletes months whose plate events are all older than ${days} days`,
      default_state: 'kept',
      states: [
        {
          name: 'kept',
          actions: [],
          transitions: [{ state_name: 'expired', conditions: { min_index_age: `${days + LONGEST_MONTH}d` } }],
        },
        { name: 'expired', actions: [{ delete: {} }], transitions: [] },
      ],
      ism_template: [{ index_patterns: [...monthPatterns(config), `${config.index}.2*`], priority: 100 }],
    },
  };
}

/** Matches months only, so that an installation called `alpr-events` leaves those of `alpr-events-north` alone. */
function monthPatterns({ index }: OpenSearchConfig): readonly string[] {
  return [...'0123456789'].map((digit) => `${index}-${digit}*`);
}
