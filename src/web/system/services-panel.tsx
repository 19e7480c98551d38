import { useState } from 'preact/hooks';
import type { ServiceStatusAnswer } from '../../contract/api/system.ts';
import { Dialog } from '../parts/dialog.tsx';
import { Form, useAction } from '../parts/form.tsx';
import { Icon } from '../parts/icon.tsx';
import { Ago } from '../parts/time.tsx';
import { useServices } from '../services.ts';
import { useWords } from '../speech.tsx';
import { spellOut } from '../words.ts';
import { changeService } from './system-client.ts';

type Change = Readonly<{ service: string; action: 'start' | 'stop' | 'restart' }>;

/** What answers this page cannot be stopped by it. */
const ANSWERING = 'serve';

/** The services of the process that answers, with what one can do to them. */
export function ServicesPanel({
  services,
  onChange,
}: {
  services: readonly ServiceStatusAnswer[];
  onChange: () => void;
}) {
  const { t } = useWords();
  const { may } = useServices();
  const [asked, setAsked] = useState<Change>();
  const close = () => {
    setAsked(undefined);
    onChange();
  };
  return (
    <section class="panel" aria-labelledby="services">
      <h2 id="services">{t.process.services}</h2>
      <ul class="service-list">
        {services.map((service) => (
          <Service key={service.name} service={service} onAsk={may('services') ? setAsked : undefined} />
        ))}
      </ul>
      {asked && <ChangeDialog {...asked} onClose={close} />}
    </section>
  );
}

function Service({ service, onAsk }: { service: ServiceStatusAnswer; onAsk: ((change: Change) => void) | undefined }) {
  const { t, number } = useWords();
  const { name, state, since, restarts, message } = service;
  const failing = Object.entries(service.parts).filter(([, part]) => !part.ok);
  const isWell = state === 'running' && failing.length === 0;
  const actions = state === 'running' ? (['restart', 'stop'] as const) : (['start'] as const);
  return (
    <li class="service" data-service={name} data-state={state}>
      <h3>{name}</h3>
      <span class={isWell ? 'sign sign-ok' : 'sign sign-bad'}>
        <Icon name={isWell ? 'check' : 'warning'} />
        {t.process.states[state]}
      </span>
      <span class="quiet service-since">
        <Ago at={since} />
        {restarts > 0 && ` · ${t.process.restarts(number(restarts))}`}
      </span>
      {(message !== undefined || failing.length > 0) && (
        <ul class="service-reasons">
          {message !== undefined && <li>{message}</li>}
          {failing.map(([part, { message: why }]) => (
            <li key={part}>
              {spellOut(part)}: {why}
            </li>
          ))}
        </ul>
      )}
      {onAsk && name !== ANSWERING && (
        <span class="service-actions">
          {actions.map((action) => (
            <button
              key={action}
              type="button"
              class="button"
              aria-label={`${t.process.actions[action]}: ${name}`}
              onClick={() => onAsk({ service: name, action })}
            >
              {t.process.actions[action]}
            </button>
          ))}
        </span>
      )}
    </li>
  );
}

function ChangeDialog({ service, action, onClose }: Change & { onClose: () => void }) {
  const { t } = useWords();
  const change = useAction(async () => {
    await changeService(service, action);
    onClose();
  });
  return (
    <Dialog title={`${t.process.actions[action]}: ${service}`} onClose={onClose}>
      <p>{t.process.actionMeans[action]}</p>
      <Form action={change} submit={t.process.actions[action]} onCancel={onClose}>
        {null}
      </Form>
    </Dialog>
  );
}
