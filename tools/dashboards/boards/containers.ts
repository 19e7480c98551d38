import { type Board, graph, number, prom, table } from '../panel.ts';
import { orZero } from '../promql.ts';

/** Containers of Compose or Kubernetes, without the control groups above them. */
const CONTAINER = 'name!=""';
const DISK = 'fstype!~"tmpfs|overlay|squashfs|ramfs"';

export const containers: Board = {
  uid: 'alpr-containers',
  title: 'ALPR · Container resources',
  text: 'What containers, the processes in them, and the machine below them use of processor, memory, disk and network.',
  from: 'now-6h',
  rows: [
    {
      title: 'The machine',
      panels: [
        number({
          title: 'Processor in use',
          text: 'Share of the time in which the processors of the machine were not idle.',
          unit: 'ratio',
          queries: [prom('1 - avg(rate(node_cpu_seconds_total{mode="idle"}[$__rate_interval]))')],
          limits: { warn: 0.8, bad: 0.95 },
        }),
        number({
          title: 'Memory in use',
          text: 'Share of the memory that programs could not get.',
          unit: 'ratio',
          queries: [prom('max(1 - node_memory_MemAvailable_bytes / node_memory_MemTotal_bytes)')],
          limits: { warn: 0.85, bad: 0.95 },
          runbook: 'AlprMemoryLow',
        }),
        number({
          title: 'Fullest disk',
          text: 'Share of the fullest file system that is taken.',
          unit: 'ratio',
          queries: [prom(`max(1 - node_filesystem_avail_bytes{${DISK}} / node_filesystem_size_bytes{${DISK}})`)],
          limits: { warn: 0.8, bad: 0.95 },
          runbook: 'AlprDiskFillsUp',
        }),
        number({
          title: 'Load per core',
          text: 'Programs that want to run, for each processor core.',
          unit: 'count',
          queries: [prom('max(node_load5 / on(instance) count by (instance) (node_cpu_seconds_total{mode="idle"}))')],
          limits: { warn: 1, bad: 2 },
        }),
        number({
          title: 'Clock',
          text: 'How far the clock of the machine is from that of its time server.',
          unit: 'offset',
          queries: [prom('max(abs(node_timex_offset_seconds))')],
          limits: { warn: 0.1, bad: 1 },
        }),
      ],
    },
    {
      title: 'Containers',
      panels: [
        graph({
          title: 'Processor by container',
          text: 'Processor time that each container takes.',
          unit: 'cores',
          queries: [
            prom(`sum by (name) (rate(container_cpu_usage_seconds_total{${CONTAINER}}[$__rate_interval]))`, '{{name}}'),
          ],
        }),
        graph({
          title: 'Memory by container',
          text: 'Memory that each container cannot give back.',
          unit: 'bytes',
          queries: [prom(`sum by (name) (container_memory_working_set_bytes{${CONTAINER}})`, '{{name}}')],
        }),
        graph({
          title: 'Memory against its limit',
          text: 'Share of its memory limit that a container holds, where it has one.',
          unit: 'ratio',
          queries: [
            prom(
              `max by (name) (container_memory_working_set_bytes{${CONTAINER}} / (container_spec_memory_limit_bytes{${CONTAINER}} > 0))`,
              '{{name}}',
            ),
          ],
          limits: { warn: 0.8, bad: 0.95 },
          whenEmpty: 'no container has a limit',
        }),
        graph({
          title: 'Throttled',
          text: 'Share of the periods in which a container wanted more processor time than its limit allows.',
          unit: 'ratio',
          queries: [
            prom(
              `sum by (name) (rate(container_cpu_cfs_throttled_periods_total{${CONTAINER}}[$__rate_interval])) / (sum by (name) (rate(container_cpu_cfs_periods_total{${CONTAINER}}[$__rate_interval])) > 0)`,
              '{{name}}',
            ),
          ],
          whenEmpty: 'no container has a limit',
        }),
        graph({
          title: 'Network by container',
          text: 'What containers receive and, below, send. Those on the network of the machine are left out: it is counted for the machine.',
          unit: 'bytesPerSecond',
          queries: [
            prom(ofOwnNetwork('container_network_receive_bytes_total'), '{{name}} receives'),
            prom(ofOwnNetwork('container_network_transmit_bytes_total'), '{{name}} sends'),
          ],
        }),
        graph({
          title: 'Written to disk by container',
          text: 'What containers write to disks.',
          unit: 'bytesPerSecond',
          queries: [
            prom(`sum by (name) (rate(container_fs_writes_bytes_total{${CONTAINER}}[$__rate_interval]))`, '{{name}}'),
          ],
        }),
        table({
          title: 'Containers',
          text: 'When each container began, and how often it ran out of memory.',
          unit: 'count',
          queries: [
            prom(`1000 * max by (name) (container_start_time_seconds{${CONTAINER}})`, 'began', { unit: 'time' }),
            prom(`sum by (name) (container_oom_events_total{${CONTAINER}})`, 'out of memory'),
          ],
          labels: ['name'],
        }),
      ],
    },
    {
      title: 'Processes and disks',
      panels: [
        graph({
          title: 'Memory by program',
          text: 'Memory that the processes of each program hold together.',
          unit: 'bytes',
          queries: [
            prom('sum by (groupname) (namedprocess_namegroup_memory_bytes{memtype="resident"})', '{{groupname}}'),
          ],
        }),
        graph({
          title: 'Processor by program',
          text: 'Processor time that the processes of each program take together.',
          unit: 'cores',
          queries: [
            prom(
              'sum by (groupname) (rate(namedprocess_namegroup_cpu_seconds_total[$__rate_interval]))',
              '{{groupname}}',
            ),
          ],
        }),
        graph({
          title: 'Free on disks',
          text: 'What file systems have room for.',
          unit: 'bytes',
          queries: [prom(`min by (mountpoint) (node_filesystem_avail_bytes{${DISK}})`, '{{mountpoint}}')],
        }),
        graph({
          title: 'Busy disks',
          text: 'Share of the time in which a disk was at work.',
          unit: 'ratio',
          queries: [
            prom(
              'max by (device) (clamp_max(rate(node_disk_io_time_seconds_total[$__rate_interval]), 1))',
              '{{device}}',
            ),
          ],
        }),
        graph({
          title: 'Network of the machine',
          text: 'What the machine receives and sends.',
          unit: 'bytesPerSecond',
          queries: [
            prom('sum(rate(node_network_receive_bytes_total{device!="lo"}[$__rate_interval]))', 'receives'),
            prom('sum(rate(node_network_transmit_bytes_total{device!="lo"}[$__rate_interval]))', 'sends'),
          ],
        }),
        graph({
          title: 'Killed for memory',
          text: 'Processes that the kernel killed because memory was short, since the machine began.',
          unit: 'count',
          queries: [prom(orZero('sum(node_vmstat_oom_kill)'), 'killed')],
        }),
      ],
    },
  ],
};

/** Bytes a second of each container; of one on the network of the machine, cAdvisor tells all that goes through the machine. */
function ofOwnNetwork(metric: string): string {
  return `sum by (name) (rate(${metric}{${CONTAINER}}[$__rate_interval]) unless on (instance, name) ${metric}{interface=~"br-.*"})`;
}
