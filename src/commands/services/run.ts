import type { Command } from 'commander';
import type { Config } from '../../app/config.ts';
import { runServices } from '../../app/run.ts';
import { type AnyService, chooseServices, runAlone } from '../../app/services.ts';
import { VERSION } from '../../app/version.ts';
import { createLog } from '../../base/log.ts';
import type { RunningService } from '../../base/service.ts';
import { LogRing } from '../../telemetry/log-ring.ts';
import { readConfig } from '../options.ts';

/** Runs the whole system on this machine until it is told to stop. */
export async function runStart(command: Command, all: readonly AnyService[]): Promise<void> {
  const config = readConfig(command);
  await runServices({
    config,
    command: 'start',
    services: chooseServices(config, all),
    ...createLogs(config),
    onReady: ({ byName }) => {
      const serving = byName.get('serve');
      print(`OVR-ALPR ${VERSION} is running: ${serving?.url}`);
      invite(serving);
    },
  });
}

/** Runs one service until it has ended or is told to stop. */
export async function runOne(command: Command, service: AnyService): Promise<void> {
  const config = readConfig(command);
  await runServices({
    config,
    command: service.name,
    services: runAlone(service, config),
    ...createLogs(config),
    onReady: ({ byName }) => {
      const running = byName.get(service.name);
      if (running?.announcement !== undefined) print(running.announcement);
      invite(running);
    },
  });
}

/** The log, and its newest lines for whoever watches on the page. */
function createLogs({ log: config }: Config) {
  const logTail = new LogRing();
  return { logTail, log: createLog(config, undefined, (line) => logTail.add(line)) };
}

/** On standard output, because the log is kept and passed on, and whoever has this link becomes the administrator. */
function invite(running: RunningService | undefined): void {
  if (running?.invitation === undefined) return;
  print(`Nobody has an account yet. This link makes the first one, once, within 24 hours: ${running.invitation}`);
}

function print(line: string): void {
  process.stdout.write(`${line}\n`);
}
