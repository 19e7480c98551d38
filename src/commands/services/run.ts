import type { Command } from 'commander';
import { runServices } from '../../app/run.ts';
import { type AnyService, chooseServices, runAlone } from '../../app/services.ts';
import { VERSION } from '../../app/version.ts';
import { createLog } from '../../base/log.ts';
import { readConfig } from '../options.ts';

/** Runs the whole system on this machine until it is told to stop. */
export async function runStart(command: Command, all: readonly AnyService[]): Promise<void> {
  const config = readConfig(command);
  await runServices({
    config,
    command: 'start',
    services: chooseServices(config, all),
    log: createLog(config.log),
    onReady: ({ byName }) => print(`OVR-ALPR ${VERSION} is running: ${byName.get('serve')?.url}`),
  });
}

/** Runs one service until it has ended or is told to stop. */
export async function runOne(command: Command, service: AnyService): Promise<void> {
  const config = readConfig(command);
  await runServices({
    config,
    command: service.name,
    services: runAlone(service, config),
    log: createLog(config.log),
    onReady: ({ byName }) => {
      const announcement = byName.get(service.name)?.announcement;
      if (announcement !== undefined) print(announcement);
    },
  });
}

function print(line: string): void {
  process.stdout.write(`${line}\n`);
}
