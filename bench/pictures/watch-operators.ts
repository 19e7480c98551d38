import { basename, dirname, join } from 'node:path';
import { env } from 'node:process';
import { InferenceSession } from 'onnxruntime-node';

/** To be loaded before the program (`node --import`): each network writes how long its operators take to OVR_ALPR_OPERATORS. */
const create = InferenceSession.create.bind(InferenceSession) as (
  file: string,
  options: object,
) => Promise<InferenceSession>;
const watched = async (file: string, options: object): Promise<InferenceSession> => {
  const profileFilePrefix = join(env.OVR_ALPR_OPERATORS ?? '', basename(dirname(file)));
  const session = await create(file, { ...options, enableProfiling: true, profileFilePrefix });
  process.on('exit', () => session.endProfiling());
  return session;
};
InferenceSession.create = watched as typeof InferenceSession.create;
