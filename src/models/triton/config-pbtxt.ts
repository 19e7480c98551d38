import type { Signature, TensorShape } from '../onnx-messages.ts';

/** So long a request waits for others that could run with it, microseconds: far less than one run takes. */
const QUEUE_DELAY_US = 500;

type Served = Readonly<{
  model: string;
  signature: Signature;
  /** Pictures in one run at most, where the network takes several. */
  maxBatch: number;
  python: boolean;
}>;

/** The `config.pbtxt` of a network. Triton adds the batch to the sizes itself; a network of one fixed batch has all its sizes there. */
export function formatTritonConfig({ model, signature, maxBatch, python }: Served): string {
  const batches = hasFreeBatch(signature);
  const preferred = [maxBatch / 4, maxBatch / 2, maxBatch].filter((size) => Number.isInteger(size) && size > 1);
  const list = (tensors: readonly TensorShape[]) => tensors.map((tensor) => formatTensor(tensor, batches)).join(',\n');
  return [
    `name: "${model}"`,
    python ? 'backend: "python"' : 'platform: "onnxruntime_onnx"',
    `max_batch_size: ${batches ? maxBatch : 0}`,
    `input [\n${list(signature.inputs)}\n]`,
    `output [\n${list(signature.outputs)}\n]`,
    ...(batches
      ? [
          `dynamic_batching {\n  preferred_batch_size: [ ${preferred.join(', ')} ]\n  max_queue_delay_microseconds: ${QUEUE_DELAY_US}\n}`,
        ]
      : []),
    python
      ? 'instance_group [ { count: 1, kind: KIND_CPU } ]\nparameters: { key: "threads", value: { string_value: "1" } }'
      : 'instance_group [ { count: 1, kind: KIND_AUTO } ]',
    '',
  ].join('\n');
}

/** Whether the network takes several pictures in one run. */
export function hasFreeBatch({ inputs, outputs }: Signature): boolean {
  return [...inputs, ...outputs].every(({ shape }) => isFree(shape[0]));
}

export function isFree(size: number | string | undefined): boolean {
  return typeof size !== 'number' || size < 0;
}

function formatTensor({ name, type, shape }: TensorShape, batches: boolean): string {
  const sizes = (batches ? shape.slice(1) : shape).map((size) => (isFree(size) ? -1 : size));
  return `  { name: "${name}", data_type: ${nameType(type)}, dims: [ ${sizes.join(', ')} ] }`;
}

/** `uint8` is `TYPE_UINT8`, `float32` is `TYPE_FP32`. */
function nameType(type: string): string {
  return `TYPE_${type.replace('float', 'fp').toUpperCase()}`;
}
