import type { OpenSearchConfig } from '../config.ts';

const LONGEST_MONTH = 31;

const keyword = { type: 'keyword' };

/** Settings and fields of an index. The event stands in the document as it came, unindexed. */
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
        confidence: { type: 'float' },
        text: keyword,
        // Parts in the middle are found by trigrams, ends as the beginnings of the reversed text.
        parts: { type: 'wildcard' },
        reversed: keyword,
        folded: keyword,
        // What near texts have in common, and what likelihood is computed from, without taking the event apart.
        near: { type: 'keyword', doc_values: false },
        read: { type: 'binary', doc_values: true },
        candidates: keyword,
        event: { type: 'object', enabled: false },
      },
    },
  };
}

/** The template of the monthly indices: each is found under the alias from its first moment. */
export function describeTemplate(config: OpenSearchConfig) {
  return {
    index_patterns: monthPatterns(config),
    priority: 100,
    template: { ...describeIndex(config), aliases: { [config.index]: {} } },
  };
}

/**
 * The policy of index management (ISM): a month is deleted once its last day is `days` old. It counts from when the index was
 * made, which is the beginning of the month, or the day of a rebuild.
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

/** Months alone, so that an installation called `alpr-events` leaves those of `alpr-events-north` alone. */
function monthPatterns({ index }: OpenSearchConfig): readonly string[] {
  return [...'0123456789'].map((digit) => `${index}-${digit}*`);
}
