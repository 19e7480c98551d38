import { useState } from 'preact/hooks';
import type { Picture } from '../../contract/plate-event.ts';
import { addressOfImage } from '../data/client.ts';
import { useWords } from '../speech.tsx';

/** A stored picture that keeps its space while loading, and says so if it is gone. */
export function StoredPicture({
  picture,
  alt,
  lazy = false,
}: {
  picture: Pick<Picture, 'key' | 'w' | 'h'> | undefined;
  alt: string;
  lazy?: boolean;
}) {
  const { t } = useWords();
  const [missing, setMissing] = useState<string>();
  if (picture === undefined || missing === picture.key) return <span class="picture-none">{t.frame.noPicture}</span>;
  return (
    <img
      src={addressOfImage(picture.key)}
      width={picture.w}
      height={picture.h}
      alt={alt}
      loading={lazy ? 'lazy' : 'eager'}
      decoding="async"
      onError={() => setMissing(picture.key)}
    />
  );
}
