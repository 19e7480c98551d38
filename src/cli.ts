import { Command, InvalidArgumentError } from 'commander';
import { type Config, loadConfigHere } from './app/config.ts';
import { VERSION } from './app/version.ts';
import { AlprError } from './base/errors.ts';
import type { LetterChoice, ListFlags } from './commands/dlq/dlq.ts';
import type { EvalFlags } from './commands/eval/evaluate.ts';
import type { VerifyFlags } from './commands/images/verify.ts';
import type { AddFlags } from './commands/models/add.ts';

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
  alpr doctor                                 what is missing, what is used, what could be better
`;

const ADD_EXAMPLES = `
Examples:
  alpr models add best.onnx                          an Ultralytics export names its own classes
  alpr models add plates.onnx --classes plate,car    a detector that does not
  alpr models add ch_PP-OCRv4_rec_infer.onnx --name ppocr-v4
  alpr models add rec.onnx --dictionary en_dict.txt --licence Apache-2.0
  alpr models add cct_s.onnx --dictionary plate_config.yaml --picture car.jpg
`;

const VERIFY_EXAMPLES = `
Examples:
  alpr images verify                              what does not fit; changes nothing, ends with 1 when something does not
  alpr images verify --repair /backup/images      bring back what a backup has
  alpr images verify --delete-orphans --older-than 720
`;

const INGEST_EXAMPLES = `
Examples:
  alpr ingest --config site.yaml       take events from Kafka into the database; as many as there are partitions may run
  alpr ingest --set bus.kind=kafka --set 'bus.brokers=[broker:9092]' --set database.kind=postgres --set database.url=postgres://…
`;

const DLQ_EXAMPLES = `
Examples:
  alpr dlq list                                      what could not be handled, and why
  alpr dlq list --json --code SCHEMA_UNKNOWN         one line of JSON each, of one cause
  alpr dlq show alpr.events.plates:3:1204            headers and bytes of one
  alpr dlq replay alpr.events.plates:3:1204          hand it in again as it came
  alpr dlq replay --all --code SCHEMA_UNKNOWN        … all of one cause, once the cause is mended
  alpr dlq drop --all                                they are not wanted
`;

const program = new Command('alpr')
  .description('OVR-ALPR: automatic licence-plate recognition')
  .version(VERSION)
  .addHelpText('after', EXAMPLES)
  .option('-c, --config <file>', 'configuration file (default: alpr.yaml where it exists)')
  .option('--set <path=value>', 'override one setting, for example --set server.port=8080; may be repeated', collect)
  .showHelpAfterError('(alpr --help shows what there is)');

program
  .command('start')
  .description('run the whole system: cameras, storage, search, API and page')
  .option('-p, --port <number>', 'port of the page and the API', parsePort)
  .option('--data <folder>', 'folder for everything that is kept')
  .action(async (flags: { port?: number; data?: string }) => {
    const { start } = await import('./commands/services/start.ts');
    await start(readConfig(flags));
  });

program
  .command('edge')
  .description('run the cameras only: events go to Kafka, without it to standard output as lines of JSON')
  .option('--data <folder>', 'folder for the spool and the pictures')
  .action(async (flags: { data?: string }) => {
    const { edge } = await import('./commands/services/edge.ts');
    await edge(readConfig(flags));
  });

program
  .command('serve')
  .description('serve the API and the page over what is stored, without cameras')
  .option('-p, --port <number>', 'port of the page and the API', parsePort)
  .option('--data <folder>', 'folder for everything that is kept')
  .action(async (flags: { port?: number; data?: string }) => {
    const { serve } = await import('./commands/services/serve.ts');
    await serve(readConfig(flags));
  });

program
  .command('index')
  .description('bring events from the bus into the search index; run as many as you like')
  .action(async () => {
    const { indexEvents } = await import('./commands/services/index-events.ts');
    await indexEvents(readConfig({}));
  });

program
  .command('reindex')
  .description('rebuild the search index from the database and switch to it; goes on where it was stopped')
  .action(async () => {
    const { reindex } = await import('./commands/search/reindex.ts');
    process.exitCode = await reindex(readConfig({}));
  });

program
  .command('ingest')
  .description('take events from Kafka into the database; several share the work')
  .option('--data <folder>', 'folder for everything that is kept')
  .addHelpText('after', INGEST_EXAMPLES)
  .action(async (flags: { data?: string }) => {
    const { ingest } = await import('./commands/services/ingest.ts');
    await ingest(readConfig(flags));
  });

program
  .command('metrics-consumer')
  .description('show what all processes on Kafka count, as gauges for Prometheus')
  .addHelpText(
    'after',
    '\nExamples:\n  alpr metrics-consumer --set metrics.port=9464    http://127.0.0.1:9464/metrics\n',
  )
  .action(async () => {
    const { consumeMetrics } = await import('./commands/services/metrics-consumer.ts');
    await consumeMetrics(readConfig({}));
  });

const dlq = program
  .command('dlq')
  .description('look at messages that could not be handled, hand them in again or drop them')
  .addHelpText('after', DLQ_EXAMPLES);

dlq
  .command('list', { isDefault: true })
  .description('list the dead letters that nobody has decided on')
  .option('--json', 'one line of JSON each')
  .option('--code <code>', 'only those of this cause')
  .action(async (flags: ListFlags) => {
    const { listDeadLetters } = await import('./commands/dlq/dlq.ts');
    await listDeadLetters(readConfig({}), flags);
  });

dlq
  .command('show')
  .description('show one dead letter with its headers and bytes')
  .argument('<id>', 'as alpr dlq list shows it')
  .option('--json', 'as one line of JSON, the bytes in base64')
  .action(async (id: string, flags: { json?: boolean }) => {
    const { showDeadLetter } = await import('./commands/dlq/dlq.ts');
    await showDeadLetter(readConfig({}), id, flags);
  });

dlq
  .command('replay')
  .description('hand dead letters in again as they came')
  .argument('[ids...]', 'as alpr dlq list shows them')
  .option('--all', 'all there are')
  .option('--code <code>', 'all of this cause')
  .action(async (ids: string[], flags: LetterChoice) => {
    const { replayDeadLetters } = await import('./commands/dlq/dlq.ts');
    await replayDeadLetters(readConfig({}), ids, flags);
  });

dlq
  .command('drop')
  .description('take dead letters out for good')
  .argument('[ids...]', 'as alpr dlq list shows them')
  .option('--all', 'all there are')
  .option('--code <code>', 'all of this cause')
  .action(async (ids: string[], flags: LetterChoice) => {
    const { dropDeadLetters } = await import('./commands/dlq/dlq.ts');
    await dropDeadLetters(readConfig({}), ids, flags);
  });

program
  .command('read')
  .description('read the plates of pictures, folders, globs and videos')
  .argument('<files...>', 'pictures, folders, globs or videos')
  .option('--json', 'one line of JSON for each picture or video')
  .option('--out <folder>', 'write each picture with its plates marked')
  .action(async (files: string[], flags: { json?: boolean; out?: string }) => {
    const { read } = await import('./commands/read/read.ts');
    process.exitCode = await read(readConfig({}), files, flags);
  });

program
  .command('eval')
  .description('measure the models against labels.jsonl or truth.csv')
  .argument('<folder>', 'folder with pictures and their truth')
  .option('--crops', 'every picture is a crop of one plate: read it, do not search it')
  .option('--split <name>', 'only rows of this split, for example val')
  .option('--only <prefix>', 'only files whose name begins with this')
  .option('--single', 'only pictures with exactly one plate whose text is known')
  .option('--texts <folder>', 'folder of crops that name their source: take the texts of pictures from there')
  .option('--limit <number>', 'only the first rows', parseCount)
  .option(
    '--held-out <percent>',
    'only texts that training held out: md5 of the text modulo 100 below this',
    parseCount,
  )
  .option('--compare <model>', 'the same through another reader or detector; may be repeated', collect)
  .option('--html <folder>', 'write a page with all figures and the pictures that went wrong')
  .option('--json', 'the result as one line of JSON')
  .action(async (folder: string, flags: EvalFlags) => {
    const { evaluate } = await import('./commands/eval/evaluate.ts');
    process.exitCode = await evaluate(readConfig({}), folder, flags);
  });

program
  .command('doctor')
  .description('say what is missing, which accelerator is used and what each camera’s characters measure')
  .action(async () => {
    const { doctor } = await import('./commands/doctor/doctor.ts');
    process.exitCode = await doctor(readConfig({}));
  });

program
  .command('config')
  .description('print the configuration in force, without passwords')
  .option('--schema', 'print its JSON schema instead')
  .action(async (flags: { schema?: boolean }) => {
    const { printConfig } = await import('./commands/config/config.ts');
    printConfig(flags.schema ? undefined : readConfig({}));
  });

const db = program.command('db').description('migrate the database, or say what is in it');

db.command('migrate')
  .description('bring the database to this version; the services do the same when they start')
  .action(async () => {
    const { migrateDatabase } = await import('./commands/db/db.ts');
    await migrateDatabase(readConfig({}));
  });

db.command('status', { isDefault: true })
  .description('print version, pending migrations, partitions and sizes')
  .option('--json', 'the same as one line of JSON')
  .action(async (flags: { json?: boolean }) => {
    const { showDatabase } = await import('./commands/db/db.ts');
    await showDatabase(readConfig({}), flags);
  });

program
  .command('images')
  .description('look after the pictures of events')
  .command('verify')
  .description('compare events and pictures both ways: missing, damaged, without an event')
  .option('--repair <folder>', 'restore missing and damaged pictures from this folder, where the sha256 fits')
  .option('--delete-orphans', 'delete pictures that no event speaks of')
  .option('--older-than <hours>', 'how old such a picture must be (default: 168)', parseCount)
  .option('--since <date>', 'events from this day on alone, for example 2026-11-01', parseDate)
  .option('--json', 'the result as one line of JSON')
  .addHelpText('after', VERIFY_EXAMPLES)
  .action(async (flags: VerifyFlags) => {
    const { verifyImages } = await import('./commands/images/verify.ts');
    process.exitCode = await verifyImages(readConfig({}), flags);
  });

const models = program.command('models').description('list, verify and add the models that can be used');

models
  .command('list', { isDefault: true })
  .description('list the models that can be used, and verify their files')
  .action(async () => {
    const { listAll } = await import('./commands/models/list.ts');
    process.exitCode = await listAll(readConfig({}));
  });

models
  .command('verify')
  .description('load each model, or those named, and compare its file with its model.json')
  .argument('[names...]', 'names or folders of models')
  .action(async (names: string[]) => {
    const { verifyModels } = await import('./commands/models/verify.ts');
    process.exitCode = await verifyModels(readConfig({}), names);
  });

models
  .command('add')
  .description('recognise an ONNX network, write its model.json and try it on a picture')
  .argument('<file>', 'ONNX file of a detector or a reader')
  .option('--name <name>', 'name of the model (default: that of the file)')
  .option('--decoder <decoder>', 'how its output is understood, where that is not clear from the file')
  .option(
    '--dictionary <file>',
    'characters of a PaddleOCR network, one a line; or the plate configuration of fast-plate-ocr (.yaml)',
  )
  .option(
    '--classes <list>',
    'classes of a detector in its order: plate, car, truck, bus, motorcycle, ignored',
    splitList,
  )
  .option('--licence <text>', 'licence of the weights')
  .option('--picture <file>', 'picture to try it on (default: one that comes with the program)')
  .addHelpText('after', ADD_EXAMPLES)
  .action(async (file: string, flags: AddFlags) => {
    const { addModel } = await import('./commands/models/add.ts');
    process.exitCode = await addModel(readConfig({}), file, flags);
  });

function readConfig(flags: { port?: number; data?: string }): Config {
  const { config, set } = program.opts<{ config?: string; set?: string[] }>();
  const settings = [...(set ?? [])];
  if (flags.port !== undefined) settings.push(`server.port=${flags.port}`);
  if (flags.data !== undefined) settings.push(`data=${JSON.stringify(flags.data)}`);
  return loadConfigHere(config, settings);
}

function collect(value: string, earlier: readonly string[] = []): readonly string[] {
  return [...earlier, value];
}

function splitList(text: string): readonly string[] {
  return text.split(',').map((part) => part.trim());
}

function parsePort(text: string): number {
  const port = Number(text);
  if (Number.isInteger(port) && port >= 0 && port <= 65535) return port;
  throw new InvalidArgumentError('Expected a port between 0 and 65535.');
}

function parseDate(text: string): Date {
  const date = new Date(text);
  if (/^\d{4}-\d{2}-\d{2}/.test(text) && !Number.isNaN(date.getTime())) return date;
  throw new InvalidArgumentError('Expected a date such as 2026-11-01.');
}

function parseCount(text: string): number {
  const count = Number(text);
  if (Number.isInteger(count) && count > 0) return count;
  throw new InvalidArgumentError('Expected a whole number above 0.');
}

try {
  await program.parseAsync();
} catch (error) {
  if (!isKnownFault(error)) throw error;
  process.stderr.write(`alpr: ${error.message}\n`);
  process.exit(1);
}

/** Faults with a code are the user's to mend: a sentence, no stack. */
function isKnownFault(error: unknown): error is Error {
  return error instanceof AlprError || (error instanceof Error && error.name === 'VisionError');
}
