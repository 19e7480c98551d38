import { useCell } from '../data/cell.ts';
import { Icon } from '../parts/icon.tsx';
import { listScreens, SCREENS, type ScreenName } from '../screens.ts';
import { useServices } from '../services.ts';
import { useWords } from '../speech.tsx';
import { useTheme } from '../theme.ts';
import { countDown } from '../trouble.ts';
import { nameIn } from '../words.ts';
import { AccountMenu } from './account-menu.tsx';
import { OpenCount } from './open-count.tsx';

/** Name, screens, connection state, and the menu of the account. On a phone the screens are at the bottom. */
export function TopBar({ screen, onHelp }: { screen: ScreenName; onHelp: () => void }) {
  const { t } = useWords();
  const { who, may } = useServices();
  return (
    <header class="top">
      <a class="brand" href="#/live" title={t.frame.brand}>
        <span class="brand-plate">
          <i /> OVR
        </span>
        <span class="brand-name">ALPR</span>
      </a>
      <nav class="screens" aria-label={t.frame.screens}>
        {listScreens('bar', who.permissions).map((name) => (
          <a
            key={name}
            href={`#/${name}`}
            title={t.frame.names[name]}
            aria-current={name === screen ? 'page' : undefined}
          >
            <Icon name={SCREENS[name].icon} />
            <span class="screen-name">{t.frame.names[name]}</span>
            <span class="screen-short">{nameIn(t.frame.short, name) ?? t.frame.names[name]}</span>
            {name === 'search' && <kbd>/</kbd>}
            {name === 'alerts' && <OpenCount />}
          </a>
        ))}
      </nav>
      <div class="top-end">
        {may('events:read') && <Down />}
        {may('events:read') && <Connected />}
        <ThemeSwitch />
        <button
          type="button"
          class="round keys-button"
          aria-label={t.frame.showKeys}
          title={t.frame.keysHint}
          onClick={onHelp}
        >
          <Icon name="keys" />
        </button>
        <AccountMenu screen={screen} />
      </div>
    </header>
  );
}

/** Leads to the state of the system, where one may see it. */
function Down() {
  const words = useWords();
  const cameras = useCell(useServices().feed.cameras) ?? [];
  const down = countDown(cameras, words);
  const { may } = useServices();
  if (down === undefined) return null;
  return (
    <a class="down" href={may('system') ? '#/system' : '#/live'}>
      <Icon name="warning" />
      {down}
    </a>
  );
}

function Connected() {
  const { t } = useWords();
  const { state } = useCell(useServices().feed.stream.connection);
  return (
    <span class={`connected connected-${state}`}>
      <span class="dot" />
      {t.frame.connection[state]}
    </span>
  );
}

function ThemeSwitch() {
  const { t } = useWords();
  const { theme, next, turn } = useTheme();
  const icon = ({ auto: 'auto', light: 'sun', dark: 'moon' } as const)[theme];
  const label = t.frame.colours(t.frame.themes[theme], t.frame.themes[next]);
  return (
    <button type="button" class="round theme-switch" aria-label={label} title={label} onClick={turn}>
      <Icon name={icon} />
    </button>
  );
}
