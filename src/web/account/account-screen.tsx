import { Fact, FactList } from '../parts/facts.tsx';
import { Icon } from '../parts/icon.tsx';
import { ScopeText } from '../parts/scope.tsx';
import { useFrame, useServices } from '../services.ts';
import { useWords } from '../speech.tsx';
import { PasswordForm } from './password-form.tsx';
import { PreferencesForm } from './preferences-form.tsx';
import { SecondFactor } from './second-factor.tsx';
import { Sessions } from './sessions.tsx';
import '../styles/account.css';

/** One's own account: language, password, second factor, and where one is signed in. */
export function AccountScreen() {
  const { t } = useWords();
  const { who } = useServices();
  const { session } = useFrame();
  return (
    <main class="screen account" id="content">
      <header class="screen-head">
        <h1>{t.frame.names.account}</h1>
        <button type="button" class="button" onClick={() => void session.signOut()}>
          <Icon name="out" /> {t.frame.signOut}
        </button>
      </header>
      {who.must_add_second_factor && (
        <div class="problem" role="alert">
          <Icon name="warning" />
          <p>{t.account.secondFactorMissing}</p>
        </div>
      )}
      <div class="account-panels">
        <FactList title={who.name}>
          {who.role && <Fact name={t.people.role}>{t.people.roles[who.role]}</Fact>}
          <Fact name={t.people.scope}>
            <ScopeText scope={who.scope} />
          </Fact>
          <Fact name={t.people.permissions}>
            {who.permissions.map((permission) => t.people.permissionNames[permission]).join(', ')}
          </Fact>
        </FactList>
        {who.kind === 'person' && (
          <>
            <PreferencesForm who={who} />
            {who.has_password && <PasswordForm />}
            {who.has_password && <SecondFactor who={who} />}
            <Sessions />
          </>
        )}
      </div>
    </main>
  );
}
