import { useAnswer } from '../data/answer.ts';
import { Problem } from '../parts/notice.tsx';
import { useWords } from '../speech.tsx';
import { PlaceTable } from './place-table.tsx';
import { fetchInventory } from './privacy-client.ts';
import { Working } from './working.tsx';

/** Every place where plates are kept, with what is in it. */
export function InventoryPanel() {
  const { t } = useWords();
  const { value, error, retry } = useAnswer('inventory', fetchInventory);
  return (
    <section class="panel" aria-labelledby="inventory">
      <h2 id="inventory">{t.privacy.inventory}</h2>
      <p class="quiet">{t.privacy.inventoryMeans}</p>
      {error !== undefined && <Problem error={error} retry={retry} />}
      {value === undefined && error === undefined && <Working />}
      {value && <PlaceTable label={t.privacy.inventory} places={value.places} />}
    </section>
  );
}
