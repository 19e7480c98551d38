import { useCell } from '../data/cell.ts';
import { Icon, type IconName } from '../parts/icon.tsx';
import { useServices } from '../services.ts';
import { useTheme } from '../theme.ts';
import { countDown } from '../trouble.ts';

const SCREENS = [
  { screen: 'live', name: 'Live', icon: 'live' },
  { screen: 'search', name: 'Search', icon: 'search' },
  { screen: 'system', name: 'System', icon: 'system' },
] as const satisfies readonly Readonly<{ screen: string; name: string; icon: IconName }>[];

/** Name, screens, connection state, theme and keys. On a phone the screens are at the bottom. */
export function TopBar({ screen, onHelp }: { screen: string; onHelp: () => void }) {
  return (
    <header class="top">
      <a class="brand" href="#/live" aria-label="OVR-ALPR, live wall">
        <span class="brand-plate" aria-hidden="true">
          <i /> OVR
        </span>
        <span class="brand-name">ALPR</span>
      </a>
      <nav class="screens" aria-label="Screens">
        {SCREENS.map((entry) => (
          <a key={entry.screen} href={`#/${entry.screen}`} aria-current={entry.screen === screen ? 'page' : undefined}>
            <Icon name={entry.icon} />
            {entry.name}
            {entry.screen === 'search' && <kbd>/</kbd>}
          </a>
        ))}
      </nav>
      <div class="top-end">
        <Down />
        <Connected />
        <ThemeSwitch />
        <button type="button" class="round" aria-label="Show the keys" title="Keys (?)" onClick={onHelp}>
          <Icon name="keys" />
        </button>
      </div>
    </header>
  );
}

function Down() {
  const cameras = useCell(useServices().feed.cameras) ?? [];
  const down = countDown(cameras);
  if (down === undefined) return null;
  return (
    <a class="down" href="#/system">
      <Icon name="warning" />
      {down}
    </a>
  );
}

function Connected() {
  const { state } = useCell(useServices().feed.stream.connection);
  const words = { open: 'live', connecting: 'connecting', lost: 'connection lost' };
  return (
    <span class={`connected connected-${state}`}>
      <span class="dot" />
      {words[state]}
    </span>
  );
}

function ThemeSwitch() {
  const { theme, next, turn } = useTheme();
  const icon = ({ auto: 'auto', light: 'sun', dark: 'moon' } as const)[theme];
  const label = `Colours: ${theme}. Change to ${next}`;
  return (
    <button type="button" class="round theme-switch" aria-label={label} title={label} onClick={turn}>
      <Icon name={icon} />
    </button>
  );
}
