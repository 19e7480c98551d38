import { useAlertsOf } from '../parts/alert-marks.tsx';
import { Icon } from '../parts/icon.tsx';
import { useWords } from '../speech.tsx';

/** Whether a vehicle is allowed, by the alerts of its passage; without chosen rules, by whether an entry of a list was found. */
export function Verdict({ event, rules }: { event: string; rules: readonly string[] }) {
  const { t } = useWords();
  const allowing = useAlertsOf(event).find(
    ({ status, rule, entry }) => status !== 'withdrawn' && (rules.length > 0 ? rules.includes(rule) : entry !== null),
  );
  if (allowing === undefined) {
    return (
      <p class="gate-verdict" role="status">
        {t.gate.notListed}
      </p>
    );
  }
  return (
    <p class="gate-verdict gate-allowed" role="status">
      <Icon name="check" /> <strong>{t.gate.allowed}</strong> <span>{allowing.entry || allowing.rule}</span>
    </p>
  );
}
