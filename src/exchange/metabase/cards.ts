import { type ReportName, type ReportValue, reportOf } from '../../contract/report.ts';
import { QUESTIONS } from '../../store/reports/read-report.ts';

/** The variables of questions, as filters of Metabase: `type` of a question's variable, `filter` of a dashboard's. */
export const VARIABLES = {
  from: { name: 'From', type: 'date', filter: 'date/single', section: 'date' },
  to: { name: 'To', type: 'date', filter: 'date/single', section: 'date' },
  camera: { name: 'Camera', type: 'text', filter: 'string/=', section: 'string' },
  site: { name: 'Site', type: 'text', filter: 'string/=', section: 'string' },
} as const;

type Variable = keyof typeof VARIABLES;

/** A question as Metabase takes it, but for where it is kept. */
export type Card = Readonly<{
  name: string;
  description: string;
  display: 'line' | 'bar' | 'table';
  dataset_query: object;
  parameters: readonly object[];
  visualization_settings: object;
}>;

/** Where a value of a variable goes. */
export function targetOf(variable: string): readonly unknown[] {
  return ['variable', ['template-tag', variable]];
}

/** The variables that a question has. */
export function variablesOf(statement: string): readonly Variable[] {
  return (Object.keys(VARIABLES) as Variable[]).filter((name) => statement.includes(`{{${name}}}`));
}

/** The statement of a question with Metabase's variables. Without values it is about the last 30 days, everywhere. */
export function writeStatement(name: ReportName, timeZone: string): string {
  const zone = `'${timeZone}'::text`;
  const today = `(now() AT TIME ZONE ${zone})::date`;
  return QUESTIONS[name]({
    from: `coalesce([[{{from}}::date, ]]${today} - 29)`,
    to: `coalesce([[{{to}}::date, ]]${today})`,
    zone,
    place: 'true [[AND camera_id = {{camera}}]] [[AND site_id = {{site}}]]',
  }).trim();
}

/** A question for a database of Metabase. */
export function makeCard(
  name: ReportName,
  { database, timeZone }: Readonly<{ database: number; timeZone: string }>,
): Card {
  const { title, about, charts } = reportOf(name);
  const query = writeStatement(name, timeZone);
  const variables = variablesOf(query);
  return {
    name: title,
    description: about,
    display: charts?.[0]?.kind ?? 'table',
    dataset_query: { database, type: 'native', native: { query, 'template-tags': makeTags(name, variables) } },
    parameters: variables.map((variable) => ({
      id: idOf(name, variable),
      type: VARIABLES[variable].filter,
      target: targetOf(variable),
      name: VARIABLES[variable].name,
      slug: variable,
    })),
    visualization_settings: describeLook(name),
  };
}

function makeTags(name: ReportName, variables: readonly Variable[]): object {
  const tags = variables.map((variable) => {
    const { name: shown, type } = VARIABLES[variable];
    return [variable, { id: idOf(name, variable), name: variable, 'display-name': shown, type }];
  });
  return Object.fromEntries(tags);
}

function idOf(name: ReportName, variable: Variable): string {
  return `${name}-${variable}`;
}

const LOOKS: Readonly<Partial<Record<ReportValue, object>>> = {
  share: { number_style: 'percent' },
  minutes: { suffix: ' min' },
  seconds: { suffix: ' s' },
};

function describeLook(name: ReportName): object {
  const { columns, charts } = reportOf(name);
  const settings: Record<string, object> = {};
  for (const [column, value] of Object.entries(columns)) {
    const look = LOOKS[value];
    if (look) settings[JSON.stringify(['name', column])] = look;
  }
  const look = { column_settings: settings };
  const chart = charts?.[0];
  if (chart === undefined) return look;
  const dimensions = [Object.keys(columns)[0], ...(chart.by === undefined ? [] : [chart.by])];
  const stacked = chart.by === undefined ? {} : { 'stackable.stack_type': 'stacked' };
  return { ...look, ...stacked, 'graph.dimensions': dimensions, 'graph.metrics': chart.of };
}
