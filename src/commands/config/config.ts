import { z } from 'zod';
import { type Config, configSchema, formatYaml } from '../../app/config.ts';

const SECRET = /password|secret|token/i;

/** Prints the configuration in force as YAML with secrets left out, or, without one, its JSON schema. */
export function printConfig(config: Config | undefined): void {
  const text = config
    ? formatYaml(withoutSecrets(config))
    : `${JSON.stringify(z.toJSONSchema(configSchema, { io: 'input', unrepresentable: 'any' }), undefined, 2)}\n`;
  process.stdout.write(text);
}

function withoutSecrets(value: unknown, key = ''): unknown {
  if (Array.isArray(value)) return value.map((item) => withoutSecrets(item));
  if (typeof value === 'object' && value !== null) {
    return Object.fromEntries(Object.entries(value).map(([name, item]) => [name, withoutSecrets(item, name)]));
  }
  if (typeof value !== 'string') return value;
  return SECRET.test(key) ? '(hidden)' : value.replace(/(:\/\/[^/@\s:]*):[^/@\s]*@/, '$1:(hidden)@');
}
