import { useState } from 'preact/hooks';
import { useWords } from '../speech.tsx';
import { Icon } from './icon.tsx';

/** Copies a text to the clipboard, and says so. */
export function CopyButton({ text }: { text: string }) {
  const { t } = useWords();
  const [copied, setCopied] = useState('');
  return (
    <button
      type="button"
      class="button"
      onClick={() => void navigator.clipboard?.writeText(text).then(() => setCopied(text))}
    >
      <Icon name={copied === text ? 'check' : 'copy'} /> {copied === text ? t.frame.copied : t.frame.copy}
    </button>
  );
}
