import type { Command } from 'commander';
import { readConfig, splitList } from '../options.ts';
import type { AddFlags } from './add.ts';
import type { CalibrateFlags } from './calibrate.ts';
import { addRegistryCommands } from './registry-cli.ts';

const EXAMPLES = `
Examples:
  alpr models add best.onnx                          an Ultralytics export names its own classes
  alpr models add plates.onnx --classes plate,car    a detector that does not
  alpr models add ch_PP-OCRv4_rec_infer.onnx --name ppocr-v4
  alpr models add rec.onnx --dictionary en_dict.txt --licence Apache-2.0
  alpr models add cct_s.onnx --dictionary plate_config.yaml --picture car.jpg
`;

export function addModelsCommands(program: Command): void {
  const models = program
    .command('models')
    .description('list, verify and add models; register, promote and roll back versions; write them for Triton')
    .option('--data <folder>', 'data folder, as of the running program');
  models
    .command('list', { isDefault: true })
    .description('list and verify the models on this machine, and list the versions in the registry')
    .action(async (_flags: object, command: Command) => {
      const { listAll } = await import('./list.ts');
      process.exitCode = await listAll(readConfig(command));
    });
  models
    .command('verify')
    .description('load each model, or those named, and compare its file with its model.json')
    .argument('[names...]', 'names or folders of models')
    .action(async (names: string[], _flags: object, command: Command) => {
      const { verifyModels } = await import('./verify.ts');
      process.exitCode = await verifyModels(readConfig(command), names);
    });
  models
    .command('add')
    .description('recognise an ONNX network, write its model.json and try it on a picture')
    .argument('<file>', 'ONNX file of a detector or a reader')
    .option('--name <name>', 'name of the model (default: that of the file)')
    .option('--decoder <decoder>', 'how to decode its output, if the file does not make it clear')
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
    .addHelpText('after', EXAMPLES)
    .action(async (file: string, flags: AddFlags, command: Command) => {
      const { addModel } = await import('./add.ts');
      process.exitCode = await addModel(readConfig(command), file, flags);
    });
  addRegistryCommands(models);
  models
    .command('calibrate')
    .description("fit each camera's confidences to people's decisions, and show how much that helps")
    .option('--camera <id>', 'only this camera')
    .option('--apply', 'write the result into the settings of cameras made on the page')
    .action(async (flags: CalibrateFlags, command: Command) => {
      const { calibrateModels } = await import('./calibrate.ts');
      process.exitCode = await calibrateModels(readConfig(command), flags);
    });
  models
    .command('triton-repository')
    .description('write the configured or named models into a folder for a Triton server')
    .argument('<folder>', 'where to write it')
    .argument('[names...]', 'names or folders of models')
    .option('--python', 'for a Triton that has only the Python back end: run the ONNX files with model.py')
    .action(async (folder: string, names: string[], flags: Readonly<{ python?: boolean }>, command: Command) => {
      const { writeRepository } = await import('./triton-repository.ts');
      await writeRepository(readConfig(command), folder, names, flags);
    });
}
