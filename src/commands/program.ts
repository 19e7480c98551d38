import { Command } from 'commander';
import { SERVICES } from '../app/services.ts';
import { VERSION } from '../app/version.ts';
import { addAlertsCommands } from './alerts/cli.ts';
import { addAuditCommands } from './audit/cli.ts';
import { addBackupCommands } from './backup/cli.ts';
import { addConfigCommands } from './config/cli.ts';
import { addDatabaseCommands } from './db/cli.ts';
import { addDeadLetterCommands } from './dlq/cli.ts';
import { addDoctorCommands } from './doctor/cli.ts';
import { addEvalCommands } from './eval/cli.ts';
import { addEvidenceCommands } from './evidence/cli.ts';
import { addExportCommands } from './export/cli.ts';
import { addImagesCommands } from './images/cli.ts';
import { addMetabaseCommands } from './metabase/cli.ts';
import { addModelsCommands } from './models/cli.ts';
import { collect } from './options.ts';
import { addPlanCommands } from './plan/cli.ts';
import { addPrivacyCommands } from './privacy/cli.ts';
import { addReadCommands } from './read/cli.ts';
import { addSystemdCommands } from './service/cli.ts';
import { addServiceCommands } from './services/cli.ts';
import { addSupportCommands } from './support/cli.ts';
import { addTlsCommands } from './tls/cli.ts';
import { addTokenCommands } from './tokens/cli.ts';
import { addTraceCommands } from './trace/cli.ts';
import { addUserCommands } from './users/cli.ts';

const EXAMPLES = `
Examples:
  alpr start                                  run everything on this machine, page on http://127.0.0.1:8000
  alpr start --config examples/four-cameras.yaml
  alpr read car.jpg                           print the plates of one picture
  alpr read --json photos/ 'more/*.jpg'       one line of JSON for each picture
  alpr read --out marked/ gate.mp4            read a video, write marked pictures
  alpr eval photos/                           measure against photos/labels.jsonl or photos/truth.csv
  alpr models add best.onnx                   bring your own detector or reader
  alpr edge | ingest | serve                  the same as processes of their own, on Kafka (bus.kind: kafka)
  alpr dlq list                               messages that could not be handled
  alpr trace EVENT                            where an event was when, or where it waits
  alpr doctor                                 what is missing, what is used, what could be better
`;

/** The command line: each group of commands registers its own. */
export function createProgram(services = SERVICES): Command {
  const program = new Command('alpr')
    .description('OVR-ALPR: automatic licence-plate recognition')
    .version(VERSION)
    .addHelpText('after', EXAMPLES)
    .option('-c, --config <file>', 'configuration file (default: alpr.yaml where it exists)')
    .option('--set <path=value>', 'override one setting, for example --set server.port=8080; may be repeated', collect)
    .configureHelp({ showGlobalOptions: true })
    .showHelpAfterError('(alpr --help shows what there is)');
  addServiceCommands(program, services);
  addSystemdCommands(program, services);
  addAlertsCommands(program);
  addReadCommands(program);
  addEvalCommands(program);
  addModelsCommands(program);
  addDatabaseCommands(program);
  addBackupCommands(program);
  addMetabaseCommands(program);
  addUserCommands(program);
  addTokenCommands(program);
  addTlsCommands(program);
  addImagesCommands(program);
  addEvidenceCommands(program);
  addExportCommands(program);
  addDeadLetterCommands(program);
  addTraceCommands(program);
  addAuditCommands(program);
  addPrivacyCommands(program);
  addPlanCommands(program);
  addDoctorCommands(program);
  addSupportCommands(program);
  addConfigCommands(program);
  return program;
}
