import { useAnswer } from '../data/answer.ts';
import { Fact, FactList } from '../parts/facts.tsx';
import { Icon } from '../parts/icon.tsx';
import { Marked } from '../parts/marked.tsx';
import { Problem, Skeleton } from '../parts/notice.tsx';
import { useWords } from '../speech.tsx';
import { fetchState } from './audit-client.ts';

/** Whether the log is whole, how far it is signed, and with which keys. */
export function Chain() {
  const { t, minute, number } = useWords();
  const { value, error, retry } = useAnswer('state', fetchState);
  if (error !== undefined) return <Problem error={error} retry={retry} />;
  if (value === undefined) return <Skeleton rows={3} kind="row" />;
  return (
    <>
      <div class="facts">
        <FactList title={t.audit.chain}>
          <Fact name={t.audit.state}>
            <span class={value.fault === null ? 'sign sign-ok' : 'sign sign-bad'}>
              <Icon name={value.fault === null ? 'check' : 'warning'} />
              {value.fault === null ? t.audit.whole : t.audit.broken}
            </span>
            {value.fault !== null && <p lang="en">{value.fault}</p>}
          </Fact>
          <Fact name={t.audit.verifiedUntil}>
            {value.verified_until === null ? t.people.never : minute(value.verified_until)}
          </Fact>
          <Fact name={t.audit.entries}>{number(value.entries)}</Fact>
          <Fact name={t.audit.lastNumber}>{number(value.last_number)}</Fact>
          <Fact name={t.audit.lastHash}>
            <code>{value.last_hash}</code>
          </Fact>
          {value.keep_days !== null && <Fact name={t.audit.kept}>{t.audit.keptDays(number(value.keep_days))}</Fact>}
        </FactList>
        <FactList title={t.audit.signatures}>
          {value.checkpoint && (
            <Fact name={t.audit.signedUntil}>
              {t.audit.signedAt(number(value.checkpoint.number), minute(value.checkpoint.at))}
            </Fact>
          )}
          {value.keys.map((key) => (
            <Fact key={key.fingerprint} name={t.audit.keySince(minute(key.since))}>
              <code>{key.fingerprint}</code>
            </Fact>
          ))}
        </FactList>
      </div>
      <p class="quiet">
        <Marked text={t.audit.verifyHow} />
      </p>
    </>
  );
}
