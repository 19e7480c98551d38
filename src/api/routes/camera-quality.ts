import { AlprError } from '../../base/errors.ts';
import type { Scope } from '../../contract/access.ts';
import {
  type CameraQuality,
  qualityDetailSchema,
  qualityListSchema,
  qualityQuerySchema,
} from '../../contract/api/camera-quality.ts';
import { cameraParamsSchema } from '../../contract/api/cameras.ts';
import { noQuery } from '../../contract/api/fields.ts';
import { problemSchema } from '../../contract/api/problem.ts';
import { adviseCamera } from '../../contract/camera-advice.ts';
import type { CameraStatus } from '../../contract/live.ts';
import { lostFolder, readLostKey } from '../../contract/lost-look.ts';
import type { Images } from '../../images/images.ts';
import { type CameraHealth, readCameraHealth, readHealthByHour, unknownHealth } from '../../store/camera-health.ts';
import { scopeOf } from '../access/guard-routes.ts';
import type { ApiContext, Server } from '../context.ts';

const tags = ['Cameras'];

/** How well each camera reads, why plates are lost, and what to do about it. */
export function addCameraQualityRoutes(server: Server, { sql, hub, images, siteId }: ApiContext): void {
  const readJudged = async (scope: Scope, wanted = (_: string) => true) => {
    const statuses = hub.cameras(scope).filter(({ camera_id }) => wanted(camera_id));
    const known = (await readCameraHealth(sql, scope)).filter(({ camera_id }) => wanted(camera_id));
    return judge(known, statuses, siteId);
  };

  server.get(
    '/cameras/quality',
    {
      config: { access: 'system' },
      schema: {
        tags,
        operationId: 'listCameraQuality',
        summary:
          'How well every camera read in the last 24 hours, compared with what is usual, and what to do about it',
        querystring: noQuery,
        response: { 200: qualityListSchema, 400: problemSchema },
      },
    },
    async (request) => ({ cameras: await readJudged(scopeOf(request)) }),
  );

  server.get(
    '/cameras/:id/quality',
    {
      config: { access: 'system' },
      schema: {
        tags,
        operationId: 'readCameraQuality',
        summary: 'The same of one camera, with its hours one by one and a sample of the plates that it lost',
        params: cameraParamsSchema,
        querystring: qualityQuerySchema,
        response: { 200: qualityDetailSchema, 400: problemSchema, 404: problemSchema },
      },
    },
    async (request) => {
      const { id: camera } = request.params;
      const scope = scopeOf(request);
      const [judged] = await readJudged(narrow(scope, camera), (id) => id === camera);
      if (!judged) {
        throw new AlprError('NOT_FOUND', `Nothing is known of a camera ${camera}; /cameras/quality lists the others`);
      }
      const { hours } = request.query;
      // Two sites may name a camera alike.
      const place = { site: judged.site_id, camera };
      const [by_hour, lost] = await Promise.all([
        readHealthByHour(sql, { place, hours, scope, now: Date.now() }),
        listLost(images, place),
      ]);
      return { camera: judged, by_hour, lost };
    },
  );
}

/** Those of which the database knows, and those of which only an edge tells. */
function judge(known: readonly CameraHealth[], statuses: readonly CameraStatus[], siteId: string): CameraQuality[] {
  const placeOf = (id: string, site = siteId) => JSON.stringify([id, site]);
  const told = new Map(statuses.map((status) => [placeOf(status.camera_id, status.site_id), status]));
  const heard = new Set(known.map(({ camera_id, site_id }) => placeOf(camera_id, site_id)));
  const unheard = statuses.filter(({ camera_id, site_id }) => !heard.has(placeOf(camera_id, site_id)));
  return [...known, ...unheard.map(({ camera_id, site_id = siteId }) => unknownHealth(camera_id, site_id))]
    .map((health) => ({ ...health, status: told.get(placeOf(health.camera_id, health.site_id)) ?? null }))
    .map((camera) => ({ ...camera, advice: [...adviseCamera(camera)] }))
    .toSorted((a, b) => a.camera_id.localeCompare(b.camera_id) || a.site_id.localeCompare(b.site_id));
}

/** What is asked of the database where one camera is wanted of all that somebody may see. */
function narrow(scope: Scope, camera: string): Scope {
  const isOpen = scope === undefined || scope.cameras.includes(camera);
  return isOpen ? { cameras: [camera], sites: [] } : scope;
}

async function listLost(images: Images, place: Readonly<{ site: string; camera: string }>) {
  const keys = await Array.fromAsync(images.list(lostFolder(place)), ({ key }) => key);
  return keys
    .toSorted()
    .reverse()
    .flatMap((key) => {
      const look = readLostKey(key);
      if (!look) return [];
      const { at, reason, charHeightPx: char_height_px, sharpness } = look;
      return [{ key, at: new Date(at).toISOString(), reason, char_height_px, sharpness }];
    });
}
