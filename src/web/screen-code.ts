import { Lazy } from './data/lazy.ts';

/** The code of every screen, each in a file of its own that comes when it is first shown. */
export type ScreenCode = ReturnType<typeof createScreenCode>;

/** Makes the table of the screens' code; nothing is fetched yet. */
export function createScreenCode() {
  return {
    entrance: new Lazy(async () => (await import('./entrance/entrance-screen.tsx')).EntranceScreen),
    live: new Lazy(async () => (await import('./live/live-screen.tsx')).LiveScreen),
    read: new Lazy(async () => (await import('./read/read-screen.tsx')).ReadScreen),
    search: new Lazy(async () => (await import('./search/search-screen.tsx')).SearchScreen),
    review: new Lazy(async () => (await import('./review/review-screen.tsx')).ReviewScreen),
    plates: new Lazy(async () => (await import('./plates/plate-screen.tsx')).PlateScreen),
    privacy: new Lazy(async () => (await import('./privacy/privacy-screen.tsx')).PrivacyScreen),
    system: new Lazy(async () => (await import('./system/system-screen.tsx')).SystemScreen),
    health: new Lazy(async () => (await import('./health/health-screen.tsx')).HealthScreen),
    models: new Lazy(async () => (await import('./models/models-screen.tsx')).ModelsScreen),
    reports: new Lazy(async () => (await import('./reports/reports-screen.tsx')).ReportsScreen),
    cameras: new Lazy(async () => (await import('./cameras/cameras-screen.tsx')).CamerasScreen),
    people: new Lazy(async () => (await import('./people/people-screen.tsx')).PeopleScreen),
    tokens: new Lazy(async () => (await import('./tokens/tokens-screen.tsx')).TokensScreen),
    audit: new Lazy(async () => (await import('./audit/audit-screen.tsx')).AuditScreen),
    alerts: new Lazy(async () => (await import('./alerts/alerts-screen.tsx')).AlertsScreen),
    rules: new Lazy(async () => (await import('./rules/rules-screen.tsx')).RulesScreen),
    lists: new Lazy(async () => (await import('./lists/lists-screen.tsx')).ListsScreen),
    channels: new Lazy(async () => (await import('./channels/channels-screen.tsx')).ChannelsScreen),
    gate: new Lazy(async () => (await import('./gate-panel/gate-screen.tsx')).GateScreen),
    purpose: new Lazy(async () => (await import('./purpose/purpose-dialog.tsx')).PurposeDialog),
    account: new Lazy(async () => (await import('./account/account-screen.tsx')).AccountScreen),
  };
}
