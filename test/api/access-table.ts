import type { Permission, Role } from '../../src/contract/access.ts';
import { makeEvent } from '../store/make-event.ts';

/** Every permission there is. */
export const PERMISSIONS: readonly Permission[] = [
  'events:read',
  'search',
  'images',
  'export',
  'read',
  'events:write',
  'alerts',
  'gate',
  'audit',
  'privacy',
  'people',
  'cameras',
  'system',
  'services',
  'models',
  'metrics',
  'alarms',
];

/** What each role may do. */
export const ROLES: Readonly<Record<Role, readonly Permission[]>> = {
  admin: PERMISSIONS,
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

/** An event with a picture. */
const eventAt = (site: string, camera: string, text: string) => {
  const event = makeEvent({ camera, text });
  const key = `${site}/${camera}/2026/01/01/${event.event_id}/1-plate.jpg`;
  const picture = { key, sha256: '0'.repeat(64), w: 1, h: 1 };
  const shadow = { model: 'alpr-read@cccccccccccc', text: `${text}X`, confidence: 0.5 };
  const processing = { ...event.processing, shadow };
  return { ...event, site_id: site, processing, images: { plate: picture, vehicle: picture, frame: picture } };
};
/** What happened at the place that is asked about, and elsewhere. */
export const mine = eventAt('yard', 'yard-in', 'MY12MNE');
export const theirs = eventAt('vault', 'vault-in', 'TH99RRS');
/** The day of both. */
const DAYS = new URLSearchParams({
  from: mine.detected_at.slice(0, 10),
  to: theirs.detected_at.slice(0, 10),
}).toString();
/** An id that nothing has. */
export const NOBODY = '01900000-0000-7000-8000-000000000000';
/** Alerts of the one and of the other. */
export const [OURS, THEIRS] = ['01900000-0000-5000-8000-000000000001', '01900000-0000-5000-8000-000000000002'];

/**
 * What every operation asks for: `public`, or a permission. Where it shows events of places, an address that shows ours, and one
 * for theirs with one for what is nowhere, which must be answered alike.
 */
export type Row = readonly [
  may: Permission | 'public' | 'signed-in',
  ours?: string | undefined,
  theirs?: string,
  nowhere?: string,
];

export const keyOf = ({ images }: typeof mine) => images.plate.key;
export const TABLE: Readonly<Record<string, Row>> = {
  'get /health': ['public'],
  'get /health/live': ['public'],
  'get /stats': ['events:read', '/stats'],
  'get /reports/{question}': [
    'events:read',
    `/reports/reads-by-day?${DAYS}`,
    `/reports/reads-by-day?${DAYS}&camera=vault-in`,
    `/reports/reads-by-day?${DAYS}&camera=nowhere`,
  ],
  'get /reports/top-plates': [
    'search',
    `/reports/top-plates?${DAYS}`,
    `/reports/top-plates?${DAYS}&camera=vault-in`,
    `/reports/top-plates?${DAYS}&camera=nowhere`,
  ],
  'get /reports/deliveries': ['alerts'],
  'get /reports/storage': ['system'],
  'get /events/recent': [
    'events:read',
    '/events/recent',
    '/events/recent?camera=vault-in',
    '/events/recent?camera=nowhere',
  ],
  'get /events/plate/{text}': ['search', '/events/plate/MY12MNE', '/events/plate/TH99RRS', '/events/plate/NO55ONE'],
  'get /events/camera/{id}': [
    'events:read',
    '/events/camera/yard-in',
    '/events/camera/vault-in',
    '/events/camera/nowhere',
  ],
  'get /events/{id}': ['events:read', `/events/${mine.event_id}`, `/events/${theirs.event_id}`, `/events/${NOBODY}`],
  'get /events/{id}/way': [
    'events:read',
    `/events/${mine.event_id}/way`,
    `/events/${theirs.event_id}/way`,
    `/events/${NOBODY}/way`,
  ],
  'get /events/search': ['search', '/events/search?q=MY12MNE', '/events/search?q=TH99RRS', '/events/search?q=NO55ONE'],
  'get /search/fulltext': [
    'search',
    '/search/fulltext?q=MY12MNE',
    '/search/fulltext?q=TH99RRS',
    '/search/fulltext?q=NO55ONE',
  ],
  'get /review/queue': ['events:write', undefined, '/review/queue?camera=vault-in', '/review/queue?camera=nowhere'],
  'post /events/{id}/review': ['events:write'],
  'get /events/export': [
    'export',
    '/events/export?format=ndjson',
    '/events/export?format=ndjson&camera=vault-in',
    '/events/export?format=ndjson&camera=nowhere',
  ],
  'get /events/{id}/evidence': ['export'],
  'get /plates/{text}': ['search', '/plates/MY12MNE', '/plates/TH99RRS', '/plates/NO55ONE'],
  'post /plates/{text}/notes': ['events:write'],
  'get /events/{id}/notes': ['events:read', undefined, `/events/${theirs.event_id}/notes`, `/events/${NOBODY}/notes`],
  'post /events/{id}/notes': ['events:write'],
  'delete /notes/{note}': ['events:write'],
  'get /saved-searches': ['search'],
  'post /read': ['read'],
  'post /v1/plate-reader/': ['read'],
  'post /v1/vision/alpr': ['read'],
  'post /v1/vision/custom/list': ['read'],
  'get /v1/status/ping': ['read'],
  'get /v1/status/updateavailable': ['read'],
  'post /saved-searches': ['search'],
  'patch /saved-searches/{id}': ['search'],
  'delete /saved-searches/{id}': ['search'],
  'post /search/query': ['search'],
  'get /search/facets': ['search', '/search/facets', '/search/facets?site=vault', '/search/facets?site=nowhere'],
  'get /search/analytics': [
    'search',
    '/search/analytics?camera=yard-in',
    '/search/analytics?camera=vault-in',
    '/search/analytics?camera=nowhere',
  ],
  'get /images/{key}': [
    'images',
    `/images/${keyOf(mine)}`,
    `/images/${keyOf(theirs)}`,
    `/images/nowhere/${NOBODY}/1.jpg`,
  ],
  'get /cameras': ['events:read', '/cameras'],
  'get /cameras/settings': ['cameras'],
  'post /cameras/settings': ['cameras'],
  'put /cameras/settings/{id}': ['cameras'],
  'post /cameras/settings/{id}/pause': ['cameras'],
  'post /cameras/settings/{id}/resume': ['cameras'],
  'delete /cameras/settings/{id}': ['cameras'],
  'post /cameras/settings/try': ['cameras'],
  'get /cameras/{id}/picture.jpg': [
    'images',
    '/cameras/yard-in/picture.jpg',
    '/cameras/vault-in/picture.jpg',
    '/cameras/nowhere/picture.jpg',
  ],
  'get /cameras/quality': ['system', '/cameras/quality'],
  'get /cameras/{id}/quality': [
    'system',
    '/cameras/yard-in/quality',
    '/cameras/vault-in/quality',
    '/cameras/nowhere/quality',
  ],
  'get /live': ['events:read'],
  'get /alerts': ['events:read', '/alerts', '/alerts?camera=vault-in', '/alerts?camera=nowhere'],
  'get /alerts/of-events': [
    'events:read',
    undefined,
    `/alerts/of-events?ids=${theirs.event_id}`,
    `/alerts/of-events?ids=${NOBODY}`,
  ],
  'get /alerts/{alert}': ['events:read', `/alerts/${OURS}`, `/alerts/${THEIRS}`, `/alerts/${NOBODY}`],
  'patch /alerts/{alert}': ['events:write'],
  'get /mutes': ['alerts'],
  'post /mutes': ['alerts'],
  'delete /mutes/{mute}': ['alerts'],
  'get /lists': ['alerts'],
  'put /lists/{list}': ['alerts'],
  'delete /lists/{list}': ['alerts'],
  'get /lists/{list}/entries': ['alerts'],
  'put /lists/{list}/entries/{plate}': ['alerts'],
  'delete /lists/{list}/entries/{plate}': ['alerts'],
  'get /lists/{list}/file': ['alerts'],
  'post /lists/{list}/file': ['alerts'],
  'get /rules': ['alerts'],
  'put /rules/{rule}': ['alerts'],
  'delete /rules/{rule}': ['alerts'],
  'post /rules/check': ['alerts'],
  'post /rules/back-test': ['alerts'],
  'get /channels': ['alerts'],
  'put /channels/{channel}': ['alerts'],
  'delete /channels/{channel}': ['alerts'],
  'post /channels/{channel}/test': ['alerts'],
  'get /deliveries': ['alerts'],
  'post /deliveries/replay': ['alerts'],
  'get /gate/channels': ['gate'],
  'post /gate/open': ['gate'],
  'get /push/key': ['events:read'],
  'post /push/subscriptions': ['events:read'],
  'delete /push/subscriptions': ['events:read'],
  'post /alerts/channels/{channel}/status': ['public'],
  'post /alerts/alertmanager': ['alarms'],
  'get /metrics': ['metrics'],
  'get /system': ['system', '/system'],
  'get /system/log': ['system'],
  'post /system/services/{service}/{action}': ['services'],
  'get /models': ['system'],
  'get /models/{model}/shadow': [
    'events:read',
    '/models/alpr-read/shadow',
    '/models/alpr-read/shadow?camera=vault-in',
    '/models/alpr-read/shadow?camera=nowhere',
  ],
  'post /models/{model}/promote': ['models'],
  'post /models/{model}/canary': ['models'],
  'post /models/{model}/rollback': ['models'],
  'get /auth/ways': ['public'],
  'get /auth/me': ['public'],
  'patch /auth/me': ['signed-in'],
  'post /auth/setup': ['public'],
  'post /auth/setup/check': ['public'],
  'post /auth/login': ['public'],
  'post /auth/logout': ['signed-in'],
  'post /auth/password': ['signed-in'],
  'post /auth/token': ['public'],
  'get /auth/oidc': ['public'],
  'get /auth/oidc/callback': ['public'],
  'get /auth/sessions': ['signed-in'],
  'delete /auth/sessions/{id}': ['signed-in'],
  'post /auth/totp': ['signed-in'],
  'post /auth/totp/confirm': ['signed-in'],
  'delete /auth/totp': ['signed-in'],
  'get /auth/purpose': ['signed-in'],
  'post /auth/purpose': ['signed-in'],
  'get /audit': ['audit'],
  'get /audit/summary': ['audit'],
  'get /audit/alarms': ['audit'],
  'post /audit/alarms/{id}/seen': ['audit'],
  'get /audit/export': ['audit'],
  'get /audit/state': ['audit'],
  'get /privacy/inventory': ['privacy'],
  'get /privacy/retention': ['privacy'],
  'get /privacy/holds': ['privacy'],
  'post /privacy/holds': ['privacy'],
  'post /privacy/holds/{id}/end': ['privacy'],
  'get /privacy/erasures': ['privacy'],
  'get /privacy/erasures/{id}': ['privacy'],
  'post /privacy/erasures': ['privacy'],
  'get /privacy/subject-access': ['privacy'],
  'get /people': ['people'],
  'post /people': ['people'],
  'patch /people/{id}': ['people'],
  'post /people/{id}/reset': ['people'],
  'get /tokens': ['people'],
  'post /tokens': ['people'],
  'post /tokens/{id}/rotate': ['people'],
  'delete /tokens/{id}': ['people'],
};
