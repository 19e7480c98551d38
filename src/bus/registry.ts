import { AlprError } from '../base/errors.ts';
import type { Log } from '../base/log.ts';
import type { SchemaBook } from '../contract/wire-codec.ts';
import type { RegistryConfig } from './config.ts';
import { type AskRegistry, createAskRegistry, describeBody, type RegistryAnswer } from './registry-request.ts';
import { SchemaCache } from './schema-cache.ts';

const COMPATIBILITY = 'FULL_TRANSITIVE';

export type RegistryOptions = Readonly<{
  config: RegistryConfig;
  /** The subject of our schema; by convention the topic name and `-value`. */
  subject: string;
  /** Where schemas are kept for times without the registry. */
  folder: string;
  log: Log;
}>;

/** A client of Confluent's Schema Registry API that continues with the schemas it knows while the registry is away. */
export async function openRegistry(options: RegistryOptions): Promise<Registry> {
  const { config, folder, log } = options;
  const cache = await SchemaCache.open({ folder, url: config.url, log });
  return new Registry({ ...options, cache, ask: await createAskRegistry(config) });
}

type RegistryParts = RegistryOptions & Readonly<{ cache: SchemaCache; ask: AskRegistry }>;

export class Registry implements SchemaBook {
  readonly #parts: RegistryParts;

  constructor(parts: RegistryParts) {
    this.#parts = parts;
  }

  /**
   * Registers a schema under the subject and returns its number; the same schema always has the same number. Without
   * the registry it returns the number kept from before. REGISTRY_UNAVAILABLE, SCHEMA_REFUSED.
   */
  async numberOf(schema: string): Promise<number> {
    const { cache, log, config } = this.#parts;
    try {
      const number = await this.#register(schema);
      await cache.keep(number, schema);
      return number;
    } catch (error) {
      const kept = cache.numberOf(schema);
      if (!(error instanceof AlprError) || !error.retry || kept === undefined) throw error;
      log.warn(
        { registry: config.url, schema: kept },
        'the registry does not answer; events are written with the stored schema',
      );
      return kept;
    }
  }

  /**
   * REGISTRY_UNAVAILABLE when the schema is not known here and the registry is away, SCHEMA_UNKNOWN when the registry
   * has no such number.
   */
  async schemaOf(number: number): Promise<string> {
    const { cache, ask } = this.#parts;
    const known = cache.schemaOf(number);
    if (known !== undefined) return known;
    const answer = await ask('GET', `/schemas/ids/${number}`);
    const { schema } = answer.body;
    if (answer.status !== 200 || typeof schema !== 'string') {
      throw new AlprError('SCHEMA_UNKNOWN', `Expected schema ${number} in the registry${describeRefusal(answer)}`);
    }
    await cache.keep(number, schema);
    return schema;
  }

  /** Whether a schema may become the subject's next version. REGISTRY_UNAVAILABLE. */
  async isCompatible(schema: string): Promise<boolean> {
    const answer = await this.#parts.ask('POST', `/compatibility${this.#subject}/versions/latest`, { schema });
    if (answer.status === 404) return true;
    return answer.status === 200 && answer.body.is_compatible === true;
  }

  /** The compatibility level that the registry keeps for the subject; undefined if it has none of its own. */
  async compatibility(): Promise<string | undefined> {
    const answer = await this.#parts.ask('GET', `/config/${encodeURIComponent(this.#parts.subject)}`);
    const level = answer.body.compatibilityLevel ?? answer.body.compatibility;
    return answer.status === 200 && typeof level === 'string' ? level : undefined;
  }

  get #subject(): string {
    return `/subjects/${encodeURIComponent(this.#parts.subject)}`;
  }

  /**
   * Sets the level first, so that it applies to this schema. A registry that requires the subject to exist gets the
   * level afterwards.
   */
  async #register(schema: string): Promise<number> {
    const { ask, config, subject } = this.#parts;
    const level = config.set_compatibility ? await this.#setCompatibility() : 'kept';
    const answer = await ask('POST', `${this.#subject}/versions`, { schema, schemaType: 'AVRO' });
    const { id } = answer.body;
    if (answer.status !== 200 || typeof id !== 'number') {
      throw new AlprError(
        'SCHEMA_REFUSED',
        `Expected the registry to take the schema of this version for ${subject}${describeRefusal(answer)}`,
      );
    }
    if (level === 'missing') await this.#setCompatibility();
    return id;
  }

  async #setCompatibility(): Promise<'set' | 'missing'> {
    const { ask, subject, log } = this.#parts;
    const answer = await ask('PUT', `/config/${encodeURIComponent(subject)}`, { compatibility: COMPATIBILITY });
    if (answer.status === 404) return 'missing';
    if (answer.status !== 200) {
      const fields = { subject, compatibility: COMPATIBILITY, status: answer.status, answer: answer.body.message };
      log.warn(fields, 'the registry does not set the compatibility');
    }
    return 'set';
  }
}

function describeRefusal(answer: RegistryAnswer): string {
  return `; it answered ${answer.status}${describeBody(answer)}`;
}
