/** The faults of the vision core; the codes are those of the system's error table. */
export type VisionErrorCode = 'IMAGE_INVALID' | 'MODEL_INVALID' | 'INFERENCE_FAILED' | 'INPUT_INVALID';

/** The one error of the vision core: a code, and a message that says what was expected, what came and what to do. */
export class VisionError extends Error {
  readonly code: VisionErrorCode;

  constructor(code: VisionErrorCode, message: string, options?: ErrorOptions) {
    super(message, options);
    this.name = 'VisionError';
    this.code = code;
  }
}
