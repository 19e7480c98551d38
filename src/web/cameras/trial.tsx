import { useEffect, useState } from 'preact/hooks';
import type { TriedCamera } from '../../contract/api/camera-settings.ts';
import { Icon } from '../parts/icon.tsx';
import { useWords } from '../speech.tsx';

/** What an edge saw of a camera, and what to make of it; the picture itself is what is drawn on. */
export function TrialResult({ tried }: { tried: TriedCamera }) {
  const words = useWords();
  const { t, number, countOf } = words;
  const { problem, width, height, pictures, seconds, plates, char_height_px: px, legibility } = tried;
  if (problem !== null) {
    return (
      <p class="problem" role="alert">
        <Icon name="warning" /> {t.cameras.noPicture(problem)}
      </p>
    );
  }
  return (
    <div class="tried" role="status">
      <p>
        <Icon name="check" /> {t.cameras.delivers(`${width} × ${height}`, number(pictures), number(seconds, 1))}
      </p>
      <p>
        {legibility === null || px === null
          ? t.cameras.noPlate
          : `${t.cameras.characters(number(Math.floor(px)), countOf(plates, t.frame.plates))} ${t.cameras.legibility[legibility]}`}
      </p>
    </div>
  );
}

/** The address of a JPEG in base64, as long as it is shown. */
export function usePicture(base64: string | null | undefined): string | undefined {
  const [address, setAddress] = useState<string>();
  useEffect(() => {
    if (!base64) return setAddress(undefined);
    const bytes = Uint8Array.from(atob(base64), (char) => char.charCodeAt(0));
    const fresh = URL.createObjectURL(new Blob([bytes], { type: 'image/jpeg' }));
    setAddress(fresh);
    return () => URL.revokeObjectURL(fresh);
  }, [base64]);
  return address;
}
