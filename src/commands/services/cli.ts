import type { Command } from 'commander';
import type { AnyService } from '../../app/services.ts';
import { parsePort } from '../options.ts';

const PORT = ['-p, --port <number>', 'port of the page and the API', parsePort] as const;
const DATA = ['--data <folder>', 'data folder'] as const;

const EXAMPLES: Readonly<Record<string, string>> = {
  ingest: `
Examples:
  alpr ingest --config site.yaml       take events from Kafka into the database; as many as there are partitions may run
  alpr ingest --set bus.kind=kafka --set 'bus.brokers=[broker:9092]' --set database.kind=postgres --set database.url=postgres://…
`,
  'metrics-consumer': `
Examples:
  alpr metrics-consumer --set metrics.port=9464    http://127.0.0.1:9464/metrics
`,
};

/** `start`, and a command for each service. */
export function addServiceCommands(program: Command, services: readonly AnyService[]): void {
  program
    .command('start')
    .description('run the whole system: cameras, storage, search, API and page')
    .option(...PORT)
    .option(...DATA)
    .action(async (_flags: object, command: Command) => {
      const { runStart } = await import('./run.ts');
      await runStart(command, services);
    });
  for (const service of services) {
    const command = program
      .command(service.name)
      .description(service.summary)
      .option(...DATA)
      .addHelpText('after', EXAMPLES[service.name] ?? '')
      .action(async (_flags: object, command: Command) => {
        const { runOne } = await import('./run.ts');
        await runOne(command, service);
      });
    if (service.name === 'serve') command.option(...PORT);
  }
}
