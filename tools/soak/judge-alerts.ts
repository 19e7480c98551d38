import type { OpenedKafka } from '../../src/bus/open.ts';
import { AlertCodec } from '../../src/contract/alert-codec.ts';
import type { Sql } from '../../src/db/sql.ts';
import type { SoakPassage, SoakRule } from './alert-plan.ts';
import type { AlertReceiver, Told } from './alert-receiver.ts';

/** What came of it; each of the counts but the first three must be 0. */
export type AlertsVerdict = Readonly<{
  expected: number;
  /** Times that a message came again under its key. */
  repeats: number;
  kills: number;
  missing: number;
  doubled: number;
  'not withdrawn': number;
  'messages missing or doubled': number;
  'messages given up': number;
  'not on the topic as they are': number;
  'missing at the receiver': number;
  'doubled at the receiver': number;
  'wrong at the receiver': number;
  'sent within a cooldown': number;
}>;

/** `rule/event` of every alert that must stand at the end, with those for which it may stand by a cooldown. */
export type Expected = ReadonlyMap<string, string | undefined>;

export function listExpected(rules: readonly SoakRule[], passages: readonly SoakPassage[]): Expected {
  const expected = new Map<string, string | undefined>();
  for (const passage of passages) {
    const newest = passage.at(-1);
    if (!newest) continue;
    const text = newest.plate.text_normalized;
    for (const { id, wants, cools } of rules) {
      if (wants(text, newest.camera_id)) expected.set(`${id}/${newest.event_id}`, cools(text));
    }
  }
  return expected;
}

export type Row = Readonly<{ key: string; alert_id: string; status: string; revision: number; published: number }>;

export function readAlerts(sql: Sql): Promise<readonly Row[]> {
  return sql.query<Row>(`SELECT rule_id || '/' || event_id AS key, alert_id, status, revision, published FROM alerts`);
}

type Judged = Readonly<{ sql: Sql; kafka: OpenedKafka; receiver: AlertReceiver; expected: Expected }>;

/** Holds the database, the topic and the receiver against what was expected, each on its own. */
export async function judgeAlerts({ sql, kafka, receiver, expected }: Judged): Promise<Omit<AlertsVerdict, 'kills'>> {
  const rows = await readAlerts(sql);
  const standing = new Set(rows.filter(({ status }) => status !== 'withdrawn').map(({ key }) => key));
  const onTopic = await readTopic(kafka);
  return {
    expected: expected.size,
    repeats: receiver.repeats,
    missing: countIn(expected.keys(), (key) => !standing.has(key)),
    doubled: rows.length - new Set(rows.map(({ key }) => key)).size,
    'not withdrawn': countIn(standing, (key) => !expected.has(key)),
    ...(await judgeOutbox(sql)),
    'not on the topic as they are': rows.filter(({ alert_id, revision }) => onTopic.get(alert_id) !== revision).length,
    ...judgeReceiver(receiver, expected),
  };
}

/** Each revision from the first one that was told has one message, and what is held back has none. */
async function judgeOutbox(sql: Sql) {
  const [faults] = await sql.query<{ wrong: number; dead: number }>(
    `SELECT count(*) FILTER (WHERE (held_back IS NULL) <> (newest IS NOT NULL) OR newest <> revision
         OR every <> different OR different <> newest - oldest + 1)::int AS wrong, coalesce(sum(dead), 0)::int AS dead
     FROM alerts FULL JOIN (
       SELECT alert_id, max(alert_revision) AS newest, min(alert_revision) AS oldest, count(*) AS every,
         count(DISTINCT alert_revision) AS different, count(*) FILTER (WHERE state = 'dead') AS dead
       FROM alert_deliveries GROUP BY alert_id) AS sent USING (alert_id)`,
  );
  return {
    'messages missing or doubled': faults?.wrong ?? Number.NaN,
    'messages given up': faults?.dead ?? Number.NaN,
  };
}

/** What somebody believes who got nothing but the messages. */
function judgeReceiver({ told, changed }: AlertReceiver, expected: Expected) {
  const newest = new Map<string, Told>();
  const revisions = new Set<string>();
  for (const message of told.values()) {
    const { alert_id, revision } = message;
    revisions.add(`${alert_id}/${revision}`);
    if (revision > (newest.get(alert_id)?.revision ?? 0)) newest.set(alert_id, message);
  }
  const standing = [...newest.values()].filter(({ status }) => status !== 'withdrawn');
  const keys = new Set(standing.map(({ rule, passage }) => `${rule.id}/${passage.event_id}`));
  const groups = Map.groupBy(
    [...keys].filter((key) => expected.get(key) !== undefined),
    (key) => expected.get(key),
  );
  const wanted = new Set([...expected.values()].filter((group) => group !== undefined));
  return {
    'missing at the receiver':
      countIn(expected, ([key, group]) => group === undefined && !keys.has(key)) +
      countIn(wanted, (group) => !groups.has(group)),
    'doubled at the receiver': told.size - revisions.size + changed.size + standing.length - keys.size,
    'wrong at the receiver': countIn(keys, (key) => !expected.has(key)),
    'sent within a cooldown': countIn(groups.values(), ({ length }) => length > 1),
  };
}

function countIn<T>(all: Iterable<T>, isCounted: (one: T) => boolean): number {
  let count = 0;
  for (const one of all) if (isCounted(one)) count += 1;
  return count;
}

/** The last revision of each alert, in the order in which they were published. */
async function readTopic({ bus, transport }: OpenedKafka): Promise<ReadonlyMap<string, number>> {
  const codec = new AlertCodec({ format: 'json' });
  const messages = await transport.readTopic(bus.topics.alerts);
  return new Map(messages.map(({ value }) => codec.decode(value)).map((alert) => [alert.alert_id, alert.revision]));
}
