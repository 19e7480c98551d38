import { createOutgoingCheck } from '../base/outgoing-address.ts';
import type { OpenChannel } from './channel.ts';
import type { ChannelsConfig } from './config.ts';
import type { PushRegister } from './push-register.ts';
import { createTemplates } from './templates.ts';

/** Opens channels as they are configured; each connects when it has something to send. */
export function createChannelOpener({
  config,
  site,
  push,
}: Readonly<{
  config: ChannelsConfig;
  /** Id of this installation. */
  site: string;
  push: PushRegister;
}>): OpenChannel {
  const check = createOutgoingCheck(config.allow, 'channels.allow');
  const templates = createTemplates({ language: config.language, timeZone: config.time_zone });
  return async (channel) => {
    switch (channel.kind) {
      case 'smtp':
        return (await import('./smtp.ts')).openSmtp(channel, { templates });
      case 'slack':
        return (await import('./slack.ts')).openSlack(channel, { check, templates });
      case 'twilio':
        return (await import('./twilio.ts')).openTwilio(channel, { check, templates });
      case 'webhook':
        return (await import('./webhook.ts')).openWebhook(channel, { check, templates });
      case 'mqtt':
        return (await import('./mqtt.ts')).openMqtt(channel, { site });
      case 'web_push':
        return (await import('./web-push.ts')).openWebPush(channel, { check, templates, push });
    }
  };
}
