import { channelFieldsSchema } from '../../src/contract/channel.ts';
import { testChannel } from './channel-contract.ts';

for (const { shape } of channelFieldsSchema.options) testChannel(shape.kind.value);
