import type { ReadAnswer } from '../contract/api/read.ts';
import type { Alpr, CustomModels } from '../contract/api/read-foreign.ts';

type Told = Readonly<{ minConfidence: number; at: Date }>;

/**
 * What was read of one picture as CodeProject.AI Server answers `/v1/vision/alpr`
 * (https://www.codeproject.com/AI/docs/api/api_reference.html), with the label and the alternatives of its plate reader.
 */
export function encodeAlpr({ plates, models, took_ms, waited_ms }: ReadAnswer, { minConfidence, at }: Told): Alpr {
  const predictions = plates
    .filter(({ confidence }) => confidence >= minConfidence)
    .map(({ text_normalized: plate, confidence, candidates, bbox: [x, y, w, h] }) => ({
      label: plate,
      plate,
      confidence,
      x_min: Math.round(x),
      y_min: Math.round(y),
      x_max: Math.round(x + w),
      y_max: Math.round(y + h),
      top_plates: candidates.map(({ text, p }) => ({ plate: text, confidence: p })),
    }));
  const count = predictions.length;
  const found = count === 0 ? 'No license plates detected' : `Found ${count} license plates`;
  return {
    ...describeServer('alpr', at),
    message: count === 0 ? found : `${found}: ${predictions.map(({ plate }) => plate).join(', ')}`,
    count,
    predictions,
    inferenceMs: Math.round(took_ms),
    processMs: Math.round(took_ms),
    analysisRoundTripMs: Math.round(waited_ms + took_ms),
    inferenceDevice: models.provider.toUpperCase(),
    canUseGPU: models.provider !== 'cpu',
  };
}

/** No custom models: Blue Iris asks for them before it sends a picture. */
export function encodeCustomModels(at: Date): CustomModels {
  return { ...describeServer('list-custom', at), models: [] };
}

function describeServer(command: string, at: Date) {
  return {
    success: true,
    code: 200,
    moduleId: 'ALPR',
    moduleName: 'License Plate Reader',
    command,
    processedBy: 'localhost',
    timestampUTC: at.toUTCString(),
  };
}
