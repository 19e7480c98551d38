import { useAnswer } from '../data/answer.ts';
import { Problem } from '../parts/notice.tsx';
import { useWords } from '../speech.tsx';
import { fetchRuleNames } from './gate-client.ts';

type RulesOptions = Readonly<{ chosen: readonly string[]; onChosen: (chosen: readonly string[]) => void }>;

/** Which rules mean that somebody is allowed. */
export function AllowingRules({ chosen, onChosen }: RulesOptions) {
  const { t } = useWords();
  const { value, error, retry } = useAnswer('rule-names', fetchRuleNames);
  const names = [...new Set([...chosen, ...(value ?? [])])].toSorted();
  return (
    <details class="gate-rules">
      <summary>{t.gate.rules}</summary>
      <p class="form-hint">{t.gate.rulesHint}</p>
      {error !== undefined && <Problem error={error} retry={retry} />}
      {value && names.length === 0 && <p class="quiet">{t.gate.noRules}</p>}
      {names.map((name) => (
        <label key={name} class="gate-rule">
          <input
            type="checkbox"
            checked={chosen.includes(name)}
            onChange={({ currentTarget: { checked } }) =>
              onChosen(checked ? [...chosen, name] : chosen.filter((one) => one !== name))
            }
          />
          {name}
        </label>
      ))}
    </details>
  );
}
