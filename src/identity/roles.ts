import { PERMISSIONS, type Permission, type Role } from '../contract/access.ts';

const ALL = Object.keys(PERMISSIONS) as readonly Permission[];

/** What each role may do. An auditor sees what others did, and no plate but in their doings. */
export const ROLES: Readonly<Record<Role, readonly Permission[]>> = {
  admin: ALL,
  operator: [
    'events:read',
    'search',
    'images',
    'export',
    'read',
    'events:write',
    'alerts',
    'gate',
    'cameras',
    'system',
  ],
  viewer: ['events:read', 'images'],
  auditor: ['audit', 'system'],
};
