/** Whose metrics they are, by how their names begin. */
const EXPORTERS = {
  container_: 'cAdvisor',
  kafka_: 'kafka_exporter',
  namedprocess_: 'process-exporter',
  node_: 'node_exporter',
  pg_: 'postgres_exporter',
} as const;

/** The exporter that a query in PromQL asks for, if it asks not for our own metrics. */
export function exporterOf(text: string): string | undefined {
  return Object.entries(EXPORTERS).find(([prefix]) => new RegExp(`\\b${prefix}[a-z]`).test(text))?.[1];
}

/** The metrics that a query in PromQL names. */
export function listMetrics(text: string): readonly string[] {
  const named = text.replaceAll(/"[^"]*"/g, '').match(/\b[a-z][a-z0-9]*_[a-zA-Z0-9_]+\b(?!\s*\()/g) ?? [];
  return [...new Set(named)];
}
