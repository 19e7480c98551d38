import type { Channel, Message } from '../../src/channels/channel.ts';
import { channelsConfigSchema } from '../../src/channels/config.ts';
import { createChannelOpener } from '../../src/channels/open.ts';
import type { PushRegister } from '../../src/channels/push-register.ts';
import { type Channel as ChannelConfig, type ChannelInput, channelSchema } from '../../src/contract/channel.ts';
import { makeAlert } from '../alerts/make-alert.ts';

export const PICTURE = new Uint8Array([0xff, 0xd8, 0xff, 0xe0, 1, 2, 3, 0xff, 0xd9]);

/** Nobody asked for notifications. */
export const NOBODY: PushRegister = {
  key: () => Promise.reject(new Error('expected nobody to be told')),
  listFor: async () => [],
  remove: async () => undefined,
};

/** Opens channels that may ask this machine, with texts in English and UTC. */
export function createOpener(push: PushRegister = NOBODY, changes: object = {}) {
  const config = channelsConfigSchema.parse({ allow: ['127.0.0.1'], time_zone: 'UTC', ...changes });
  return createChannelOpener({ config, site: 'home', push });
}

export function openChannel(input: ChannelInput, push?: PushRegister): Promise<Channel> {
  return createOpener(push)(parseChannel(input));
}

export function parseChannel(input: ChannelInput): ChannelConfig {
  return channelSchema.parse(input);
}

export function makeMessage(changes: Partial<Message> = {}): Message {
  return {
    key: 'key-1',
    kind: 'raised',
    alert: makeAlert(),
    pictures: async () => ({ plate: PICTURE, vehicle: PICTURE, frame: PICTURE }),
    event: async () => undefined,
    signal: AbortSignal.timeout(10_000),
    ...changes,
  };
}
