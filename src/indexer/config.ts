/** The consumer group that brings events into the search index. */
export const INDEX_GROUP = 'index';
