import type { ChannelOf } from '../contract/channel.ts';
import type { Message } from './channel.ts';

/** A message on a topic. */
export type Publication = Readonly<{ topic: string; payload: string; retain: boolean }>;

type Config = Pick<ChannelOf<'mqtt'>, 'topic' | 'discovery_topic' | 'on_seconds'>;

/**
 * What Home Assistant needs of an alert: a device for its camera with sensors for the last plate and its list, and a binary sensor for
 * the rule. Descriptions are retained, so that they outlive a restart of Home Assistant
 * (https://www.home-assistant.io/integrations/mqtt/#mqtt-discovery).
 */
export function describeForHomeAssistant(
  { alert }: Message,
  config: Config,
  { site, available }: Readonly<{ site: string; available: string }>,
): readonly Publication[] {
  const { passage, rule } = alert;
  if (!passage) return [];
  const name = toId(`alpr_${site}_${passage.camera_id}`);
  const shared = {
    availability_topic: available,
    device: { identifiers: [name], name: passage.camera_name, manufacturer: 'OVR-ALPR', model: 'Licence plate camera' },
    origin: { name: 'OVR-ALPR' },
  };
  const describe = (component: string, id: string, fields: object): Publication => ({
    topic: `${config.discovery_topic}/${component}/${name}/${id}/config`,
    payload: JSON.stringify({ unique_id: `${name}_${id}`, ...fields, ...shared }),
    retain: true,
  });
  const state = stateTopic(config, passage.camera_id);
  return [
    describe('sensor', 'last_plate', {
      name: 'Last plate',
      icon: 'mdi:car',
      state_topic: state,
      value_template: '{{ value_json.plate }}',
      json_attributes_topic: state,
    }),
    describe('sensor', 'list', {
      name: 'List',
      icon: 'mdi:format-list-bulleted',
      state_topic: state,
      value_template: '{{ value_json.list }}',
    }),
    describe('binary_sensor', toId(`rule_${rule.id}`), {
      name: rule.name,
      state_topic: ruleTopic(config, passage.camera_id, rule.id),
      payload_on: 'ON',
      payload_off: 'OFF',
      off_delay: config.on_seconds,
    }),
  ];
}

/** What the sensors show after an alert. */
export function showInHomeAssistant({ alert, kind }: Message, config: Config): readonly Publication[] {
  const { passage, rule, matched } = alert;
  if (!passage) return [];
  const isOver = kind === 'withdrawn';
  const state = {
    plate: passage.text,
    list: matched?.entry?.list ?? 'none',
    entry: matched?.entry?.name ?? '',
    rule: rule.name,
    status: kind,
    direction: passage.direction,
    confidence: passage.confidence,
    detected_at: passage.detected_at,
  };
  return [
    { topic: stateTopic(config, passage.camera_id), payload: JSON.stringify(state), retain: true },
    { topic: ruleTopic(config, passage.camera_id, rule.id), payload: isOver ? 'OFF' : 'ON', retain: false },
  ];
}

const stateTopic = ({ topic }: Config, camera: string) => `${topic}/cameras/${toId(camera)}/last`;
const ruleTopic = ({ topic }: Config, camera: string, rule: string) =>
  `${topic}/cameras/${toId(camera)}/rules/${toId(rule)}`;

/** Letters, digits, - and _, which topics and Home Assistant both take. */
export function toId(text: string): string {
  return text.replaceAll(/[^A-Za-z0-9_-]/g, '_');
}
