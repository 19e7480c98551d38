import { testCamera } from './camera-contract.ts';
import { testVideoFile, whole } from './video-file-contract.ts';

testCamera('file', async () => ({ fields: { path: whole, loop: true }, [Symbol.asyncDispose]: async () => undefined }));
testVideoFile('A video file as a camera');
