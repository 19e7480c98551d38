import { z } from 'zod';
import { type Config, configSchema, formatYaml } from '../../app/config.ts';
import { hideSecrets } from '../../app/hide-secrets.ts';

/** Prints the configuration in force as YAML with secrets left out, or, without one, its JSON schema. */
export function printConfig(config: Config | undefined): void {
  const text = config
    ? formatYaml(hideSecrets(config))
    : `${JSON.stringify(z.toJSONSchema(configSchema, { io: 'input', unrepresentable: 'any' }), undefined, 2)}\n`;
  process.stdout.write(text);
}
