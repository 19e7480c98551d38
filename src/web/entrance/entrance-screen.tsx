import { useAnswer } from '../data/answer.ts';
import { fetchWays } from '../data/session.ts';
import { LanguageSelect } from '../parts/language-select.tsx';
import { Marked } from '../parts/marked.tsx';
import { Empty, Problem, Skeleton } from '../parts/notice.tsx';
import type { SetUpLink } from '../route.ts';
import { useWords } from '../speech.tsx';
import { SetUp } from './set-up.tsx';
import { SignIn } from './sign-in.tsx';
import '../styles/entrance.css';

/** The way in: signing in, or by a one-time link the choice of a password. */
export function EntranceScreen({ link }: { link: SetUpLink | undefined }) {
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
        {ways !== undefined && link !== undefined && <SetUp ways={ways} link={link} />}
        {ways?.set_up && link === undefined && <SignIn ways={ways} />}
        {ways?.set_up === false && link === undefined && (
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
