import type { Permission } from '../contract/access.ts';
import type { IconName } from './parts/icon.tsx';
import type { Route } from './route.ts';

/** Names of the screens, which their addresses begin with. */
export type ScreenName = Route['screen'];

/** Where the way to a screen is: in the bar, in the menu of the account, or on other screens alone. */
type Place = 'bar' | 'menu' | 'none';

/** Who may see a screen (`undefined`: whoever signed in), and where it is found, in the order of the bar. */
export const SCREENS: Readonly<
  Record<ScreenName, Readonly<{ permission: Permission | undefined; icon: IconName; place: Place }>>
> = {
  live: { permission: 'events:read', icon: 'live', place: 'bar' },
  search: { permission: 'search', icon: 'search', place: 'bar' },
  review: { permission: 'events:write', icon: 'review', place: 'bar' },
  alerts: { permission: 'events:read', icon: 'bell', place: 'bar' },
  rules: { permission: 'alerts', icon: 'bell', place: 'none' },
  lists: { permission: 'alerts', icon: 'bell', place: 'none' },
  channels: { permission: 'alerts', icon: 'bell', place: 'none' },
  gate: { permission: 'gate', icon: 'bell', place: 'none' },
  system: { permission: 'system', icon: 'system', place: 'bar' },
  health: { permission: 'system', icon: 'camera', place: 'none' },
  models: { permission: 'system', icon: 'model', place: 'menu' },
  audit: { permission: 'audit', icon: 'audit', place: 'bar' },
  plates: { permission: 'search', icon: 'history', place: 'none' },
  read: { permission: 'events:read', icon: 'plate', place: 'none' },
  reports: { permission: 'events:read', icon: 'chart', place: 'menu' },
  cameras: { permission: 'cameras', icon: 'camera', place: 'menu' },
  people: { permission: 'people', icon: 'people', place: 'menu' },
  tokens: { permission: 'people', icon: 'token', place: 'menu' },
  privacy: { permission: 'privacy', icon: 'privacy', place: 'menu' },
  account: { permission: undefined, icon: 'person', place: 'menu' },
  missing: { permission: undefined, icon: 'search', place: 'none' },
};

/** Whether somebody with these permissions may see a screen. */
export function maySee(screen: ScreenName, permissions: readonly Permission[]): boolean {
  const { permission } = SCREENS[screen];
  return permission === undefined || permissions.includes(permission);
}

/** The screens at one place that somebody with these permissions may see. */
export function listScreens(place: Place, permissions: readonly Permission[]): readonly ScreenName[] {
  const names = Object.keys(SCREENS) as readonly ScreenName[];
  return names.filter((name) => SCREENS[name].place === place && maySee(name, permissions));
}

/** The screen that somebody with these permissions begins with. */
export function findHome(permissions: readonly Permission[]): ScreenName {
  return listScreens('bar', permissions)[0] ?? 'account';
}
