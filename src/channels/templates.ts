import { Liquid } from 'liquidjs';
import { messageOf } from '../base/errors.ts';
import type { Language } from '../contract/api/auth.ts';
import { DeliveryError, type Message } from './channel.ts';
import { WORDS } from './words.ts';

/** What a template may use: the fields of the alert, and what is added to them. */
export type TemplateScope = Readonly<Record<string, unknown>>;

/** What templates have besides the fields of the alert. */
export const ADDED_FIELDS = {
  kind: 'What is sent: `raised`, `corrected`, `withdrawn` or `test`',
  key: 'Name of this message, the same however often it is sent',
  local_time: 'When the passage began, in the language and time zone of the configuration',
  prefix: 'The word for a correction, a withdrawal or a test; empty for a new alert',
  title: 'The title as the channel has it; not in its own template',
  text: 'The text as the channel has it; not in its own template',
  picture: 'Address of the picture, in the HTML of a mail',
  token: 'The secret `token` of a webhook',
  values: 'The `values` of a webhook, such as `values.topic`',
} as const;

/** Makes texts of alerts. */
export type Templates = Readonly<{
  /** Title and text of a message by the templates of its channel, or by the default. */
  write(message: Message, own: Readonly<{ title?: string | undefined; text?: string | undefined }>): Written;
  /** DELIVERY_REFUSED where the template is wrong, or too slow or large. */
  render(template: string, scope: TemplateScope): string;
  /** The same for HTML: values are escaped. */
  renderHtml(template: string, scope: TemplateScope): string;
}>;

export type Written = Readonly<{ title: string; text: string; scope: TemplateScope }>;

const LIMITS = { parseLimit: 65_536, renderLimit: 200, memoryLimit: 5_000_000 } as const;
/** No files, no prototypes, no unknown filters; times and sizes are limited. */
const SANDBOX = { ...LIMITS, strictFilters: true, ownPropertyOnly: true, templates: {} } as const;

const TITLE = `{% if prefix %}{{ prefix }}: {% endif %}{% if passage %}{{ passage.text }} – {% endif %}{{ rule.name }}`;
const TEXT = `{{ why }}
{% if passage %}{{ words.camera }}: {{ passage.camera_name }}{% if passage.direction %} ({{ passage.direction }}){% endif %}
{% endif %}{{ words.time }}: {{ local_time }}
{% if matched.entry.name != blank %}{{ words.entry }}: {{ matched.entry.name }}{% if matched.entry.note != blank %}, {{ matched.entry.note }}{% endif %}
{% endif %}{% if rule.verify %}{{ words.verify }}
{% endif %}`;

/** Texts in the language and time zone given. */
export function createTemplates({
  language,
  timeZone,
}: Readonly<{ language: Language; timeZone: string | undefined }>): Templates {
  const zone = timeZone === undefined ? {} : { timeZone };
  const times = new Intl.DateTimeFormat(language, { dateStyle: 'medium', timeStyle: 'medium', ...zone });
  const shared = { ...SANDBOX, locale: language, ...(timeZone !== undefined && { timezoneOffset: timeZone }) };
  const plain = new Liquid(shared);
  const html = new Liquid({ ...shared, outputEscape: 'escape' });
  const render = (template: string, scope: TemplateScope) => renderWith(plain, template, scope);
  return {
    write(message, own) {
      const words = WORDS[language];
      const { alert, kind, key } = message;
      const prefix = kind === 'raised' ? '' : words[kind];
      const at = alert.passage?.detected_at ?? alert.system?.since ?? alert.at;
      const fields = { ...alert, kind, key, words, prefix, local_time: times.format(new Date(at)) };
      const scope = { ...fields, prefix: prefix === '' ? null : prefix };
      const title = render(own.title ?? TITLE, scope).trim();
      const text = render(own.text ?? TEXT, { ...scope, title }).trim();
      return { title, text, scope: { ...scope, title, text } };
    },
    render,
    renderHtml: (template, scope) => renderWith(html, template, scope),
  };
}

function renderWith(engine: Liquid, template: string, scope: TemplateScope): string {
  try {
    return engine.parseAndRenderSync(template, scope);
  } catch (error) {
    throw new DeliveryError('DELIVERY_REFUSED', `Expected a template that can be filled in: ${messageOf(error)}`, {
      cause: error,
    });
  }
}
