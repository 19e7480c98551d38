import { z } from 'zod';

const eventsSchema = z.object({
  events: z.array(
    z.object({ event_id: z.string(), detected_at: z.string(), plate: z.object({ text_normalized: z.string() }) }),
  ),
});
const foundSchema = z.object({ results: z.array(z.unknown()) });
const alertsSchema = z.object({ alerts: z.array(z.unknown()) });

/** What somebody with a token asks of the API. */
export class Page {
  readonly #url: string;
  readonly #headers: Readonly<Record<string, string>>;

  constructor(url: string, token: string) {
    this.#url = url;
    this.#headers = { authorization: `Bearer ${token}`, 'content-type': 'application/json' };
  }

  /** The newest reads. */
  async listEvents(limit = 100) {
    return eventsSchema.parse(await this.#ask(`/events/recent?limit=${limit}`)).events;
  }

  async countFound(plate: string): Promise<number> {
    return foundSchema.parse(await this.#ask(`/events/search?q=${encodeURIComponent(plate)}`)).results.length;
  }

  async countAlerts(rule: string): Promise<number> {
    return alertsSchema.parse(await this.#ask(`/alerts?rule=${rule}&limit=500`)).alerts.length;
  }

  /** Writes a rule or a channel. */
  async write(
    kind: 'rules' | 'channels',
    one: Readonly<{ id: string }> & Readonly<Record<string, unknown>>,
  ): Promise<void> {
    await this.#ask(`/${kind}/${one.id}`, { method: 'PUT', body: JSON.stringify(one) });
  }

  async #ask(path: string, given: RequestInit = {}): Promise<unknown> {
    const answer = await fetch(`${this.#url}${path}`, { ...given, headers: this.#headers });
    const text = await answer.text();
    if (!answer.ok) throw new Error(`${path}: ${answer.status} ${text}`);
    return JSON.parse(text);
  }
}
