import type { Builder, Dataquery } from '@grafana/grafana-foundation-sdk/cog';
import { DataqueryBuilder as LokiQuery } from '@grafana/grafana-foundation-sdk/loki';
import { DataqueryBuilder as PrometheusQuery, PromQueryFormat } from '@grafana/grafana-foundation-sdk/prometheus';
import { SearchTableType, DataqueryBuilder as TempoQuery } from '@grafana/grafana-foundation-sdk/tempo';
import type { Panel, Query, Source } from './panel.ts';

const PLUGINS: Readonly<Record<Source, string>> = {
  prometheus: 'prometheus',
  postgres: 'grafana-postgresql-datasource',
  loki: 'loki',
  tempo: 'tempo',
};

/** A data source by the uid that deploy/grafana/provisioning/ gives it. */
export function refer(source: Source): Readonly<{ type: string; uid: string }> {
  return { type: PLUGINS[source], uid: source };
}

/** A, B, C … in the order of the queries. */
export function refIdOf(at: number): string {
  return String.fromCharCode(65 + at);
}

/** A query as its data source wants it. */
export function renderQuery(query: Query, at: number, { kind }: Pick<Panel, 'kind'>): Builder<Dataquery> {
  const refId = refIdOf(at);
  switch (query.source) {
    case 'prometheus': {
      const asked = new PrometheusQuery().refId(refId).datasource(refer('prometheus')).expr(query.text);
      if (query.legend) asked.legendFormat(query.legend);
      if (kind === 'heatmap') asked.format(PromQueryFormat.Heatmap);
      if (kind === 'table') return asked.format(PromQueryFormat.Table).instant();
      return query.exemplars ? asked.range().exemplar(true) : asked.range();
    }
    case 'loki': {
      const asked = new LokiQuery().refId(refId).datasource(refer('loki')).expr(query.text).queryType('range');
      return query.legend ? asked.legendFormat(query.legend) : asked.maxLines(200);
    }
    case 'tempo':
      return new TempoQuery()
        .refId(refId)
        .datasource(refer('tempo'))
        .queryType('traceql')
        .query(query.text)
        .tableType(SearchTableType.Traces)
        .limit(20);
    case 'postgres':
      return new SqlQuery(query.text, refId, kind === 'graph' ? 'time_series' : 'table');
  }
}

/** Of PostgreSQL, which the SDK has no builder for. */
class SqlQuery implements Builder<Dataquery> {
  readonly #query;

  constructor(rawSql: string, refId: string, format: 'time_series' | 'table') {
    this.#query = { refId, datasource: refer('postgres'), editorMode: 'code', format, rawQuery: true, rawSql };
  }

  build(): Dataquery {
    return { ...this.#query, _implementsDataqueryVariant() {} } as Dataquery;
  }
}
