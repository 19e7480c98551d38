import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { beforeEach } from 'vitest';
import { deliveryConfigSchema } from '../../../src/alerts/delivery/config.ts';
import { type Delivery, openDelivery } from '../../../src/alerts/delivery/delivery.ts';
import { createLog, type Log } from '../../../src/base/log.ts';
import type { Channel } from '../../../src/channels/channel.ts';
import { type Channel as ChannelConfig, type ChannelInput, channelSchema } from '../../../src/contract/channel.ts';
import type { Sql } from '../../../src/db/sql.ts';
import { type KeyFile, openKeyFile } from '../../../src/identity/key-file.ts';
import { saveChannel } from '../../../src/store/alerts/channels.ts';
import { listDeliveries } from '../../../src/store/alerts/deliveries.ts';
import { Telemetry } from '../../../src/telemetry/telemetry.ts';
import { PICTURE } from '../../channels/open-channel.ts';
import { openTestDatabase, type TestDatabase } from '../../db/test-database.ts';

export type Site = AsyncDisposable &
  Readonly<{
    sql: Sql;
    keyFile: KeyFile;
    telemetry: Telemetry;
    save(channel: ChannelInput): Promise<void>;
    start(openChannel: (channel: ChannelConfig) => Promise<Channel>, options?: StartOptions): Delivery;
    /** State and answer of all messages, the first one first. */
    list(): Promise<readonly string[]>;
  }>;

type StartOptions = Readonly<{ config?: object; shiftMs?: () => number; sql?: Sql; log?: Log }>;

/** A database with channels, and what delivers to them. */
export async function openSite(database?: TestDatabase): Promise<Site> {
  const { sql, [Symbol.asyncDispose]: close } = database ?? (await openTestDatabase());
  const folder = await mkdtemp(path.join(tmpdir(), 'alpr-delivery-'));
  const keyFile = await openKeyFile(path.join(folder, 'key'));
  const telemetry = new Telemetry();
  return {
    ...{ sql, keyFile, telemetry },
    save: (channel) => saveChannel(sql, keyFile, { channel: channelSchema.parse(channel), by: 'test' }),
    start: (openChannel, { config = {}, shiftMs, sql: other, log = createLog({ level: 'silent' }) } = {}) =>
      openDelivery({
        sql: other ?? sql,
        images: { get: async () => ({ bytes: PICTURE, contentType: 'image/jpeg' }) },
        ...{ keyFile, openChannel, telemetry, log },
        config: deliveryConfigSchema.parse({ poll_ms: 50, ...config }),
        ...(shiftMs && { shiftMs }),
      }),
    list: async () =>
      (await listDeliveries(sql, { scope: undefined, limit: 500 })).items
        .map(({ channel, status, state }) => `${channel} ${status} ${state}`)
        .toReversed(),
    async [Symbol.asyncDispose]() {
      await close();
      await rm(folder, { recursive: true });
    },
  };
}

/** Before each test of a file neither messages nor channels are left. */
export function emptyBeforeEach(siteOf: () => Site): void {
  beforeEach(async () => {
    await siteOf().sql.query('DELETE FROM alert_deliveries');
    await siteOf().sql.query('DELETE FROM alert_channels');
  });
}
