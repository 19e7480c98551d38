import { type Board, graph, number, prom, sql, table } from '../panel.ts';
import { orZero, perMinute, perSecond, quantile, SITE, total } from '../promql.ts';
import { askReport } from '../reports.ts';
import { DAY, PLACE, SPAN } from '../sql.ts';

const DATABASE = 'datname!~"template.*|postgres|"';
const DISK = 'fstype!~"tmpfs|overlay|squashfs|ramfs"';

export const storage: Board = {
  uid: 'alpr-storage',
  title: 'ALPR · Storage and retention',
  text: 'Whether rows and pictures are written, how much room they take, and whether old ones go.',
  from: 'now-24h',
  rows: [
    {
      title: 'Now',
      panels: [
        number({
          title: 'Database',
          text: 'Size of the database on the disk.',
          unit: 'bytes',
          queries: [prom(`sum(pg_database_size_bytes{${DATABASE}})`)],
        }),
        number({
          title: 'Free on the fullest disk',
          text: 'Room that the fullest file system has left.',
          unit: 'bytes',
          queries: [prom(`min(node_filesystem_avail_bytes{${DISK}})`)],
        }),
        number({
          title: 'Days until a disk is full',
          text: 'When the fullest file system will be full if it goes on as in the last six hours; nothing where it does not fill.',
          unit: 'days',
          queries: [
            prom(
              `min(node_filesystem_avail_bytes{${DISK}} / (-deriv(node_filesystem_avail_bytes{${DISK}}[6h]) > 0)) / 86400`,
            ),
          ],
          limits: { warn: 14, bad: 3 },
          runbook: 'AlprDiskFillsUp',
          whenEmpty: 'no disk fills up',
        }),
        number({
          title: 'Pictures that wait',
          text: 'Pictures kept at edges until the object store has them.',
          unit: 'count',
          queries: [prom(orZero(`sum(alpr_pictures_waiting{${SITE}})`))],
          limits: { warn: 100, bad: 10_000 },
          runbook: 'AlprPicturesLost',
        }),
        number({
          title: 'Oldest read',
          text: 'Age of the oldest read that is kept: as long as retention allows.',
          unit: 'days',
          queries: [sql('SELECT extract(epoch FROM now() - min(hour)) / 86400 AS days FROM reads_per_camera_hour')],
          whenEmpty: 'no reads',
        }),
      ],
    },
    {
      title: 'Writing',
      panels: [
        graph({
          title: 'Events written',
          text: 'Events taken from the bus, by what became of them.',
          unit: 'perSecond',
          queries: [prom(perSecond({ metric: 'alpr_ingested_total', by: 'outcome' }), '{{outcome}}')],
          whenEmpty: 'no events',
        }),
        graph({
          title: 'Writing a batch, 95 %',
          text: 'Time within which 95 % of the batches were in the database.',
          unit: 'seconds',
          queries: [
            prom(quantile(0.95, { metric: 'alpr_stage_seconds', where: `${SITE},stage="ingest"` }), 'ingest', {
              exemplars: true,
            }),
          ],
          whenEmpty: 'no events',
        }),
        graph({
          title: 'Uploads of pictures',
          text: 'Uploads to the object store, by outcome: stored, failed (tried again), given up.',
          unit: 'perMinute',
          queries: [prom(perMinute({ metric: 'alpr_picture_uploads_total', by: 'outcome' }), '{{outcome}}')],
          whenEmpty: 'pictures stay on this disk',
          runbook: 'AlprPicturesLost',
        }),
        graph({
          title: 'Faulty times',
          text: 'Events whose time cannot be, and revisions that named another time than their event, since the processes began.',
          unit: 'count',
          queries: [
            prom(total({ metric: 'alpr_events_misdated_total' }), 'time cannot be'),
            prom(total({ metric: 'alpr_events_redated_total' }), 'another time'),
          ],
        }),
      ],
    },
    {
      title: 'The database',
      panels: [
        graph({
          title: 'Transactions',
          text: 'Transactions that were committed and rolled back.',
          unit: 'perSecond',
          queries: [
            prom(`sum(rate(pg_stat_database_xact_commit{${DATABASE}}[$__rate_interval]))`, 'committed'),
            prom(`sum(rate(pg_stat_database_xact_rollback{${DATABASE}}[$__rate_interval]))`, 'rolled back'),
          ],
        }),
        graph({
          title: 'Connections',
          text: 'Share of the connections that the server allows which are in use.',
          unit: 'ratio',
          queries: [
            prom(
              'sum by (instance) (pg_stat_database_numbackends) / on(instance) max by (instance) (pg_settings_max_connections)',
              '{{instance}}',
            ),
          ],
          limits: { warn: 0.7, bad: 0.8 },
          runbook: 'AlprDatabaseConnections',
        }),
        graph({
          title: 'Read from memory',
          text: 'Share of the blocks that the server had in its own memory.',
          unit: 'ratio',
          queries: [
            prom(
              `sum(rate(pg_stat_database_blks_hit{${DATABASE}}[$__rate_interval])) / (sum(rate(pg_stat_database_blks_hit{${DATABASE}}[$__rate_interval]) + rate(pg_stat_database_blks_read{${DATABASE}}[$__rate_interval])) > 0)`,
              'in memory',
            ),
          ],
          whenEmpty: 'nothing is read',
        }),
        graph({
          title: 'Rows to clean up',
          text: 'Dead rows of the tables that have most of them.',
          unit: 'count',
          queries: [prom('topk(5, sum by (relname) (pg_stat_user_tables_n_dead_tup))', '{{relname}}')],
        }),
        graph({
          title: 'Locks',
          text: 'Locks that are held, by mode.',
          unit: 'count',
          queries: [prom(`sum by (mode) (pg_locks_count{${DATABASE}})`, '{{mode}}')],
        }),
        graph({
          title: 'Longest transaction',
          text: 'How long the longest transaction has been open.',
          unit: 'age',
          queries: [prom(`max(pg_stat_activity_max_tx_duration{${DATABASE}})`, 'open')],
        }),
      ],
    },
    {
      title: 'What is kept',
      panels: [
        graph({
          title: 'Reads kept by day',
          text: 'Reads of each day that are in the database.',
          unit: 'count',
          queries: [
            sql(`
SELECT ${DAY('hour')} AS time, sum(reads)::float8 AS reads FROM reads_per_camera_hour
WHERE ${SPAN('hour')} AND ${PLACE} GROUP BY 1 ORDER BY 1`),
          ],
          whenEmpty: 'no reads',
        }),
        graph({
          title: 'Pictures removed',
          text: 'Pictures that were removed because they are older than retention allows, since the processes began.',
          unit: 'count',
          queries: [prom(total({ metric: 'alpr_pictures_expired_total' }), 'removed')],
        }),
        table({
          title: 'Tables',
          text: 'Rows, as the server estimates them, and size of each table with its parts and indexes.',
          unit: 'count',
          queries: [askReport('storage')],
          columns: { bytes: 'bytes' },
        }),
      ],
    },
  ],
};
