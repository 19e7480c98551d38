import type { OnnxNetwork } from '../onnx.ts';
import type { Network, Proposal } from './network.ts';

/**
 * Whether a YOLOX export already converts its rows to pixels, judged by its answer to a black picture: undecoded widths
 * and heights are logarithms, some below 0; decoded ones are pixels.
 */
export async function isDecodedYolox(session: OnnxNetwork, network: Network, proposal: Proposal): Promise<boolean> {
  const { width, height } = proposal.input;
  const feed = { type: 'float32', dims: [1, 3, height, width], data: new Float32Array(3 * width * height) } as const;
  const answer = await session.run({ [network.input.name]: feed });
  const output = answer[network.outputs[0]?.name ?? ''];
  const columns = output?.dims[2] ?? 0;
  if (output?.type !== 'float32' || columns < 5) return false;
  for (let at = 0; at < output.data.length; at += columns) {
    const [wide = 0, high = 0] = output.data.subarray(at + 2, at + 4);
    if (wide <= 0 || high <= 0) return false;
  }
  return true;
}
