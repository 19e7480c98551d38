import type { CameraConfig } from '../camera/config.ts';
import { parsePageCamera } from '../camera/page-camera-config.ts';
import type { PageCamera } from '../contract/page-camera.ts';
import { unsealSecrets } from '../identity/camera-secrets.ts';
import type { KeyFile } from '../identity/key-file.ts';

/** A camera of the page as it is opened; the key is read only where there is something to unseal. */
export async function unsealCamera(
  { settings, secrets }: Pick<PageCamera, 'settings' | 'secrets'>,
  openKey: () => Promise<KeyFile>,
): Promise<CameraConfig> {
  return parsePageCamera({ ...settings, ...(secrets !== null && unsealSecrets(secrets, await openKey())) });
}
