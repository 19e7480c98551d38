import { stringifyYaml } from '../base/yaml.ts';
import { admits, type Scope } from '../contract/access.ts';
import type { ManagedCamera, ManagedList } from '../contract/api/camera-settings.ts';
import type { CameraStatus } from '../contract/live.ts';
import type { StoredCamera } from '../store/page-cameras.ts';

type Known = Readonly<{
  stored: readonly StoredCamera[];
  statuses: readonly CameraStatus[];
  scope: Scope;
  siteId: string;
}>;

/** All cameras that the scope admits: those of the page, and those that only edges know, which have them from their files. */
export function describeCameras({ stored, statuses, scope, siteId }: Known): ManagedList {
  const seen = stored.filter(({ id, site }) => admits(scope, { camera: id, site }));
  const ofPage = new Set(stored.map(({ id }) => id));
  const statusOf = (id: string) => statuses.find(({ camera_id }) => camera_id === id) ?? null;
  const cameras = [
    ...statuses.filter(({ camera_id }) => !ofPage.has(camera_id)).map(describeFileCamera),
    ...seen.map((camera) => describePageCamera(camera, statusOf(camera.id))),
  ];
  const sites = [siteId, ...statuses.flatMap(({ site_id }) => site_id ?? []), ...seen.map(({ site }) => site)];
  return { cameras, sites: [...new Set(sites)].filter((site) => admits(scope, { camera: '', site })) };
}

function describeFileCamera(status: CameraStatus): ManagedCamera {
  return {
    id: status.camera_id,
    site: status.site_id ?? null,
    origin: 'file',
    paused: false,
    settings: null,
    has_secrets: false,
    yaml: null,
    changed_at: null,
    status,
  };
}

function describePageCamera(camera: StoredCamera, status: CameraStatus | null): ManagedCamera {
  const { id, site, state, settings, secrets, changed_at } = camera;
  return {
    id,
    site,
    origin: 'page',
    paused: state === 'paused',
    settings,
    has_secrets: secrets !== null,
    yaml: stringifyYaml([settings]),
    changed_at: changed_at.toISOString(),
    status,
  };
}
