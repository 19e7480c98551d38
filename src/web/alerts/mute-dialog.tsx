import { useState } from 'preact/hooks';
import type { KeptAlert } from '../../contract/api/alerts.ts';
import { Dialog } from '../parts/dialog.tsx';
import { Field, Form, useAction } from '../parts/form.tsx';
import { useWords } from '../speech.tsx';
import { createMute } from './alerts-client.ts';

const HOUR_MS = 3_600_000;
/** Hours for which something is muted; zero is for ever. */
const SPANS = [1, 8, 24, 168, 0] as const;
const WHATS = ['both', 'plate', 'rule'] as const;

type What = (typeof WHATS)[number];

/** Silences what an alert is about, for a while. */
export function MuteDialog({ kept, onClose }: { kept: KeptAlert; onClose: () => void }) {
  const { t, countOf } = useWords();
  const { rule, passage } = kept.alert;
  const [what, setWhat] = useState<What>(passage ? 'both' : 'rule');
  const [hours, setHours] = useState(8);
  const action = useAction(async () => {
    await createMute({
      rule: what === 'plate' ? null : rule.id,
      plate: what === 'rule' ? null : (passage?.plate ?? null),
      until: hours === 0 ? null : new Date(Date.now() + hours * HOUR_MS).toISOString(),
    });
    onClose();
  });
  const sayHours = (span: number) => {
    if (span === 0) return t.alerts.forEver;
    return span % 24 === 0 ? countOf(span / 24, t.frame.days) : countOf(span, t.alerts.hours);
  };
  return (
    <Dialog title={t.alerts.muteRule(rule.name)} onClose={onClose}>
      <Form action={action} submit={t.alerts.mute}>
        <p>{t.alerts.muteMeans}</p>
        {passage && (
          <Field name={t.alerts.muteWhat}>
            {(field) => (
              <select {...field} value={what} onChange={(event) => setWhat(event.currentTarget.value as What)}>
                {WHATS.map((one) => (
                  <option key={one} value={one}>
                    {t.alerts.muteWhats[one]}
                  </option>
                ))}
              </select>
            )}
          </Field>
        )}
        <Field name={t.alerts.muteFor}>
          {(field) => (
            <select {...field} value={hours} onChange={(event) => setHours(Number(event.currentTarget.value))}>
              {SPANS.map((span) => (
                <option key={span} value={span}>
                  {sayHours(span)}
                </option>
              ))}
            </select>
          )}
        </Field>
      </Form>
    </Dialog>
  );
}
