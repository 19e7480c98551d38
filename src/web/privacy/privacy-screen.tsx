import './privacy.css';
import { useWords } from '../speech.tsx';
import { Erasures } from './erasures.tsx';
import { Holds } from './holds.tsx';
import { InventoryPanel } from './inventory.tsx';
import { RetentionPanel } from './retention.tsx';
import { SubjectAccess } from './subject-access.tsx';

/** Where plates are kept, for how long, and what people may ask for: holds, erasure, a copy of their data. */
export function PrivacyScreen() {
  const { t } = useWords();
  return (
    <main class="screen privacy" id="content">
      <h1 class="spoken">{t.frame.names.privacy}</h1>
      <InventoryPanel />
      <RetentionPanel />
      <Holds />
      <Erasures />
      <SubjectAccess />
    </main>
  );
}
