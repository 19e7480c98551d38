import { useRef } from 'preact/hooks';
import { WANTED } from '../data/request.ts';
import { Icon } from '../parts/icon.tsx';
import { listScreens, SCREENS, type ScreenName } from '../screens.ts';
import { useFrame, useServices } from '../services.ts';
import { useWords } from '../speech.tsx';

/** Who is signed in, the screens that are seldom needed, and the way out. */
export function AccountMenu({ screen }: { screen: ScreenName }) {
  const { t } = useWords();
  const { who } = useServices();
  const { session } = useFrame();
  const menu = useRef<HTMLDivElement>(null);
  return (
    <>
      <button
        type="button"
        class="round"
        popovertarget="account-menu"
        aria-label={t.frame.menuOf(who.name)}
        title={who.name}
      >
        <Icon name="person" />
      </button>
      <div ref={menu} id="account-menu" popover="auto" class="account-menu">
        <p class="account-name">
          <b>{who.name}</b>
          {who.role && <span class="quiet">{t.people.roles[who.role]}</span>}
        </p>
        <nav aria-label={t.frame.menuOf(who.name)}>
          {listScreens('menu', who.permissions).map((name) => (
            <a
              key={name}
              href={`#/${name}`}
              aria-current={name === screen ? 'page' : undefined}
              onClick={() => menu.current?.hidePopover()}
            >
              <Icon name={SCREENS[name].icon} />
              {t.frame.names[name]}
            </a>
          ))}
        </nav>
        <button
          type="button"
          class="menu-button"
          onClick={() => {
            menu.current?.hidePopover();
            window.dispatchEvent(new Event(WANTED.PURPOSE_REQUIRED));
          }}
        >
          <Icon name="audit" />
          {t.purpose.title}
        </button>
        <button type="button" class="menu-button" onClick={() => void session.signOut()}>
          <Icon name="out" />
          {t.frame.signOut}
        </button>
      </div>
    </>
  );
}
