import { useCell } from '../data/cell.ts';
import { Icon, type IconName } from '../parts/icon.tsx';
import { useServices } from '../services.ts';
import { useWords } from '../speech.tsx';
import { useTheme } from '../theme.ts';
import { countDown } from '../trouble.ts';

const SCREENS = [
  { screen: 'live', icon: 'live' },
  { screen: 'search', icon: 'search' },
  { screen: 'system', icon: 'system' },
] as const satisfies readonly Readonly<{ screen: string; icon: IconName }>[];

/** Name, screens, connection state, theme and keys. On a phone the screens are at the bottom. */
export function TopBar({ screen, onHelp }: { screen: string; onHelp: () => void }) {
  const { t } = useWords();
  return (
    <header class="top">
      <a class="brand" href="#/live" aria-label={t.frame.brand}>
        <span class="brand-plate" aria-hidden="true">
          <i /> OVR
        </span>
        <span class="brand-name">ALPR</span>
      </a>
      <nav class="screens" aria-label={t.frame.screens}>
        {SCREENS.map((entry) => (
          <a key={entry.screen} href={`#/${entry.screen}`} aria-current={entry.screen === screen ? 'page' : undefined}>
            <Icon name={entry.icon} />
            {t.frame.names[entry.screen]}
            {entry.screen === 'search' && <kbd>/</kbd>}
          </a>
        ))}
      </nav>
      <div class="top-end">
        <Down />
        <Connected />
        <ThemeSwitch />
        <button type="button" class="round" aria-label={t.frame.showKeys} title={t.frame.keysHint} onClick={onHelp}>
          <Icon name="keys" />
        </button>
      </div>
    </header>
  );
}

function Down() {
  const words = useWords();
  const cameras = useCell(useServices().feed.cameras) ?? [];
  const down = countDown(cameras, words);
  if (down === undefined) return null;
  return (
    <a class="down" href="#/system">
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
