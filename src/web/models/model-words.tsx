import { type ComponentChildren, createContext } from 'preact';
import { useContext } from 'preact/hooks';
import type { ModelMessages } from '../languages/messages.ts';
import { useOwnWords } from '../own-words.ts';
import { Skeleton } from '../parts/notice.tsx';
import { loadModelMessages } from './load-messages.ts';

const ModelWordsContext = createContext<ModelMessages | undefined>(undefined);

/** Shows its children once the texts of this screen are there, which no other screen loads. */
export function ModelSpeech({ children }: { children: ComponentChildren }) {
  const told = useOwnWords(loadModelMessages);
  if (told === undefined) return <Skeleton rows={3} kind="row" />;
  return <ModelWordsContext.Provider value={told}>{children}</ModelWordsContext.Provider>;
}

/** The texts of this screen; throws outside of `ModelSpeech`. */
export function useModelWords(): ModelMessages {
  const told = useContext(ModelWordsContext);
  if (told === undefined) throw new Error('useModelWords needs ModelSpeech above it');
  return told;
}
