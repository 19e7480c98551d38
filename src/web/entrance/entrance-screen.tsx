import { useAnswer } from '../data/answer.ts';
import { fetchWays } from '../data/session.ts';
import { LanguageSelect } from '../parts/language-select.tsx';
import { Marked } from '../parts/marked.tsx';
import { Empty, Problem, Skeleton } from '../parts/notice.tsx';
import { useWords } from '../speech.tsx';
import { SetUp } from './set-up.tsx';
import { SignIn } from './sign-in.tsx';
import '../styles/entrance.css';

/** The way in: signing in, or with the token of a one-time link the choice of a password. */
export function EntranceScreen({ token }: { token: string | undefined }) {
  const { t } = useWords();
  const { value: ways, error, retry } = useAnswer('ways', fetchWays);
  return (
    <main class="entrance" id="content">
      <div class="entrance-card panel">
        <h1 class="brand">
          <span class="brand-plate" aria-hidden="true">
            <i /> OVR
          </span>
          <span class="brand-name">ALPR</span>
        </h1>
        {error !== undefined && <Problem error={error} retry={retry} />}
        {ways === undefined && error === undefined && <Skeleton rows={3} />}
        {ways !== undefined && token !== undefined && <SetUp ways={ways} token={token} />}
        {ways?.set_up && token === undefined && <SignIn ways={ways} />}
        {ways?.set_up === false && token === undefined && (
          <Empty icon="token" title={t.entrance.notSetUp}>
            <p>
              <Marked text={t.entrance.notSetUpHow} />
            </p>
          </Empty>
        )}
      </div>
      <LanguageSelect />
    </main>
  );
}
