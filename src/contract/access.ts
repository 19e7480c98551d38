import { z } from 'zod';

/** What one may be allowed to do, each with what it lets through. */
export const PERMISSIONS = {
  'events:read': 'See events, statistics and the states of cameras',
  search: 'Search for plates, and see all reads of one',
  images: 'See pictures of events and of cameras',
  export: 'Export lists, evidence and training rows as files',
  read: 'Have pictures read',
  'events:write': 'Confirm, correct, reject and merge reads, and write notes',
  alerts: 'See and change lists, rules and channels of alerts',
  gate: 'Open gates by hand',
  audit: 'See who did what',
  privacy: 'Change retention and holds, erase plates, answer subject access requests',
  people: 'Change accounts, roles and tokens',
  cameras: 'Add, try, change, pause and remove cameras',
  system: 'See the state of the system and its log',
  services: 'Start and stop the services of the process',
  models: 'Promote models, try them on chosen cameras, and roll them back',
  metrics: 'Read the metrics',
  alarms: 'Report alarms of a monitoring system, and nothing else',
} as const;

export type Permission = keyof typeof PERMISSIONS;

const NAMES = Object.keys(PERMISSIONS) as [Permission, ...Permission[]];

export const permissionSchema = z.enum(NAMES);

export const roleSchema = z.enum(['admin', 'operator', 'viewer', 'auditor']);

/** A set of permissions with a name. */
export type Role = z.infer<typeof roleSchema>;

const placeSchema = z.string().min(1).max(64);

/** Cameras and sites whose events someone may see: what is in either list. */
export const scopeSchema = z.strictObject({
  cameras: z.array(placeSchema).max(1000).readonly(),
  sites: z.array(placeSchema).max(1000).readonly(),
});

/** Undefined is everywhere. */
export type Scope = Readonly<z.infer<typeof scopeSchema>> | undefined;

/** Where something was seen. */
export type Place = Readonly<{ camera: string; site: string | undefined }>;

/** Whether what was seen there may be shown. */
export function admits(scope: Scope, { camera, site }: Place): boolean {
  return scope === undefined || scope.cameras.includes(camera) || (site !== undefined && scope.sites.includes(site));
}
