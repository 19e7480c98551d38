import { open, stat } from 'node:fs/promises';
import { extname } from 'node:path';
import { AlprError } from '../../base/errors.ts';

const HEAD_BYTES = 4096;

type Kind = Readonly<{ is(head: Buffer, ending: string): boolean; what: string; advice: string }>;

const EXPORT_ONNX = 'Export it to ONNX and add that file';

/** Files that people mistake for an ONNX file, by their first bytes, which come from the sources of each program. */
const KINDS: readonly Kind[] = [
  {
    is: (head) => startsWith(head, 'PK\u0003\u0004'),
    what: 'a ZIP archive, as PyTorch (.pt, .pth) and Keras (.keras) save networks',
    advice: `${EXPORT_ONNX}, for example: yolo export model=best.pt format=onnx`,
  },
  {
    is: (head) => head[0] === 0x80 && (head[1] ?? 255) <= 5,
    what: 'a Python pickle, as older PyTorch saves networks',
    advice: `${EXPORT_ONNX}, for example: yolo export model=best.pt format=onnx`,
  },
  {
    is: (head) => startsWith(head, 'ftrt') || head.subarray(0, HEAD_BYTES).includes('ftrt'),
    what: 'a TensorRT engine, which runs only on the GPU model and TensorRT version it was built with',
    advice: 'Add the ONNX file that it was built from; with the provider tensorrt it is built again on this machine',
  },
  {
    is: (head) => head.toString('latin1', 4, 8) === 'TFL3',
    what: 'a TensorFlow Lite network',
    advice: EXPORT_ONNX,
  },
  { is: (head) => startsWith(head, '\u0089HDF'), what: 'an HDF5 file, as Keras saves networks', advice: EXPORT_ONNX },
  {
    is: (head) => startsWith(head, 'version https://git-lfs'),
    what: 'a Git LFS pointer, not the file itself',
    advice: 'Fetch it with git lfs pull, then add it',
  },
  {
    is: (head) => /^\s*<(!doctype|html)/i.test(head.toString('latin1')),
    what: 'a web page: a download that went wrong',
    advice: 'Download the file again',
  },
  {
    is: (head) => /^\s*<\?xml/.test(head.toString('latin1')),
    what: 'an XML file, as OpenVINO describes networks',
    advice: 'Add the ONNX file that it was converted from',
  },
  {
    is: (head, ending) => ['.pdmodel', '.pdiparams'].includes(ending) || /^\s*[{[]/.test(head.toString('latin1', 0, 1)),
    what: 'not ONNX but the format of another program (Paddle, JSON)',
    advice: `${EXPORT_ONNX}; Paddle's networks by: paddle2onnx --model_dir . --model_filename inference.pdmodel --params_filename inference.pdiparams --save_file model.onnx`,
  },
  {
    is: (head) => head.subarray(8, 9).toString('latin1') === '{' && head.readUIntLE(0, 6) < 100_000_000,
    what: 'a safetensors file, which has weights but no network',
    advice: EXPORT_ONNX,
  },
];

/** MODEL_INVALID with one sentence when the file is missing, empty, a folder, or of a known kind that is not ONNX. */
export async function refuseForeignFile(path: string): Promise<void> {
  const found = await stat(path).catch(() => undefined);
  if (!found) throw new AlprError('MODEL_INVALID', `There is no file ${path}. Correct the path.`);
  if (found.isDirectory()) {
    throw new AlprError('MODEL_INVALID', `${path} is a folder. Name the ONNX file in it.`);
  }
  if (!found.isFile() || found.size === 0) {
    throw new AlprError('MODEL_INVALID', `${path} is empty or no plain file. Expected an ONNX file.`);
  }
  await using file = await open(path).catch((cause: NodeJS.ErrnoException) => {
    throw new AlprError('MODEL_INVALID', `${path} cannot be read (${cause.code}). Allow this user to read it.`, {
      cause,
    });
  });
  const head = Buffer.alloc(HEAD_BYTES);
  await file.read(head, 0, HEAD_BYTES, 0);
  const kind = KINDS.find(({ is }) => is(head, extname(path).toLowerCase()));
  if (kind) throw new AlprError('MODEL_INVALID', `${path} is ${kind.what}. ${kind.advice}.`);
}

function startsWith(head: Buffer, text: string): boolean {
  return head.toString('latin1', 0, text.length) === text;
}
