import type { FastifyRequest } from 'fastify';
import { AlprError } from '../../base/errors.ts';
import { parsePageCamera } from '../../camera/page-camera-config.ts';
import { admits } from '../../contract/access.ts';
import {
  type CameraWish,
  cameraWishSchema,
  managedListSchema,
  triedSchema,
} from '../../contract/api/camera-settings.ts';
import { cameraParamsSchema } from '../../contract/api/cameras.ts';
import { goneSchema, noQuery } from '../../contract/api/fields.ts';
import { problemSchema } from '../../contract/api/problem.ts';
import { type Parted, partSecrets, sealSecrets, unsealSecrets } from '../../identity/camera-secrets.ts';
import {
  addPageCamera,
  changePageCamera,
  findPageCamera,
  listPageCameras,
  type StoredCamera,
} from '../../store/page-cameras.ts';
import { scopeOf } from '../access/guard-routes.ts';
import type { ApiContext, Server } from '../context.ts';
import { describeCameras } from '../describe-cameras.ts';

const tags = ['Cameras'];
const refusals = { 400: problemSchema, 404: problemSchema, 409: problemSchema };
const config = { access: 'cameras', audit: 'change' } as const;

/** Cameras that are added on the page. Nobody changes one of elsewhere. */
export function addCameraSettingsRoutes(server: Server, context: ApiContext): void {
  const { sql, hub, desk, keyFile, siteId } = context;

  /** A camera of elsewhere is as one that there is not. */
  const requireCamera = async (request: FastifyRequest, id: string): Promise<StoredCamera> => {
    const camera = await findPageCamera(sql, id);
    if (camera && admits(scopeOf(request), { camera: id, site: camera.site })) return camera;
    throw new AlprError(
      'NOT_FOUND',
      `There is no camera ${id} that was added on the page; one of the configuration file is changed there`,
    );
  };

  const openSecrets = ({ settings, secrets }: StoredCamera): Parted => ({
    settings,
    secrets: unsealSecrets(secrets, keyFile),
  });

  /** The camera that is wished for, checked, and its secrets sealed. */
  const prepare = (request: FastifyRequest, wish: CameraWish, before?: StoredCamera) => {
    const sites = [...new Set(hub.cameras(undefined).flatMap(({ site_id }) => site_id ?? []))];
    const site = wish.site ?? before?.site ?? (sites.length === 1 ? (sites[0] ?? siteId) : siteId);
    const parted = partSecrets(wish.settings, before && openSecrets(before));
    const { id } = parsePageCamera({ ...parted.settings, ...parted.secrets });
    if (!admits(scopeOf(request), { camera: id, site }))
      throw new AlprError('FORBIDDEN', `Expected a camera of a site that you may see, got the site ${site}`);
    request.auditNote.query = { camera: id, site, settings: parted.settings, secrets: Object.keys(parted.secrets) };
    return { id, site, settings: parted.settings, secrets: sealSecrets(parted.secrets, keyFile) };
  };

  const change = async (camera: StoredCamera, to: Omit<Parameters<typeof changePageCamera>[1], 'id' | 'revision'>) => {
    const { id, revision } = camera;
    if (!(await changePageCamera(sql, { id, revision, ...to })))
      throw new AlprError('CONFLICT', `Expected nobody else to change the camera ${id} meanwhile; look at it again`);
    await desk.tell();
  };

  server.get(
    '/cameras/settings',
    {
      config: { access: 'cameras' },
      schema: {
        tags,
        operationId: 'listCameraSettings',
        summary: 'All cameras: those of the configuration file, and those that were added on the page',
        querystring: noQuery,
        response: { 200: managedListSchema },
      },
    },
    async (request) => {
      const scope = scopeOf(request);
      return describeCameras({ stored: await listPageCameras(sql), statuses: hub.cameras(scope), scope, siteId });
    },
  );

  server.post(
    '/cameras/settings',
    {
      config,
      schema: {
        tags,
        operationId: 'addCamera',
        summary: 'Add a camera, which its edge runs from now on',
        querystring: noQuery,
        body: cameraWishSchema,
        response: { 201: goneSchema, ...refusals },
      },
    },
    async (request, reply) => {
      const wanted = prepare(request, request.body);
      const isTaken = hub
        .cameras(undefined)
        .some(({ camera_id, state }) => camera_id === wanted.id && state !== 'ended');
      if (isTaken || !(await addPageCamera(sql, wanted)))
        throw new AlprError('CONFLICT', `Expected an id that no camera has, got ${wanted.id}`);
      await desk.tell();
      return reply.code(201).send(null);
    },
  );

  server.put(
    '/cameras/settings/:id',
    {
      config,
      schema: {
        tags,
        operationId: 'changeCamera',
        summary: 'Change a camera that was added on the page',
        params: cameraParamsSchema,
        querystring: noQuery,
        body: cameraWishSchema,
        response: { 204: goneSchema, ...refusals },
      },
    },
    async (request, reply) => {
      const before = await requireCamera(request, request.params.id);
      const { id, ...to } = prepare(request, request.body, before);
      if (id !== before.id)
        throw new AlprError('INPUT_INVALID', `Expected the id ${before.id} to stay; a new id is a new camera`);
      await change(before, to);
      return reply.code(204).send(null);
    },
  );

  for (const [verb, state, summary] of [
    ['pause', 'paused', 'Pause a camera: its passages end, and it is closed'],
    ['resume', 'running', 'Let a paused camera run again'],
  ] as const) {
    server.post(
      `/cameras/settings/:id/${verb}`,
      {
        config,
        schema: {
          tags,
          operationId: `${verb}Camera`,
          summary,
          params: cameraParamsSchema,
          querystring: noQuery,
          response: { 204: goneSchema, ...refusals },
        },
      },
      async (request, reply) => {
        const { id } = request.params;
        request.auditNote.query = { camera: id };
        await change(await requireCamera(request, id), { state });
        return reply.code(204).send(null);
      },
    );
  }

  server.delete(
    '/cameras/settings/:id',
    {
      config,
      schema: {
        tags,
        operationId: 'removeCamera',
        summary: 'Remove a camera; its events stay',
        params: cameraParamsSchema,
        querystring: noQuery,
        response: { 204: goneSchema, ...refusals },
      },
    },
    async (request, reply) => {
      const { id } = request.params;
      request.auditNote.query = { camera: id };
      await change(await requireCamera(request, id), { state: 'removed', secrets: null });
      return reply.code(204).send(null);
    },
  );

  server.post(
    '/cameras/settings/try',
    {
      config,
      schema: {
        tags,
        operationId: 'tryCamera',
        summary: 'Have an edge look at a camera for some seconds, without adding or changing it',
        description: 'A camera that was added keeps its secrets, as with a change.',
        querystring: noQuery,
        body: cameraWishSchema,
        response: { 200: triedSchema, ...refusals },
      },
    },
    async (request) => {
      const { id: given } = request.body.settings;
      const before = typeof given === 'string' ? await findPageCamera(sql, given) : undefined;
      if (before) await requireCamera(request, before.id);
      const { site, settings, secrets } = prepare(request, request.body, before);
      return desk.try({ site, settings, secrets });
    },
  );
}
