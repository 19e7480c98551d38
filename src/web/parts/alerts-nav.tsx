import { maySee, type ScreenName } from '../screens.ts';
import { useServices } from '../services.ts';
import { useWords } from '../speech.tsx';
import '../styles/table.css';

const SCREENS = ['alerts', 'rules', 'lists', 'channels', 'gate'] as const satisfies readonly ScreenName[];

/** The way between the screens that belong to alerts, for those who may see them. */
export function AlertsNav({ screen }: { screen: (typeof SCREENS)[number] }) {
  const { t } = useWords();
  const { who } = useServices();
  return (
    <nav class="views" aria-label={t.frame.names.alerts}>
      {SCREENS.filter((name) => maySee(name, who.permissions)).map((name) => (
        <a key={name} href={`#/${name}`} aria-current={name === screen ? 'page' : undefined}>
          {t.frame.names[name]}
        </a>
      ))}
    </nav>
  );
}
