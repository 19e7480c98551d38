import { recall, remember } from '../remember.ts';

/** Which new alerts sound on this device: none, those from warnings up, or all. */
export type Sound = 'none' | 'urgent' | 'all';

const NAME = 'alert-sound';
/** Two notes, each so long, seconds. */
const NOTES_HZ = [880, 1175] as const;
const NOTE_S = 0.16;
const LOUDNESS = 0.2;

export function recallSound(): Sound {
  const kept = recall(NAME);
  return kept === 'urgent' || kept === 'all' ? kept : 'none';
}

export function rememberSound(sound: Sound): void {
  remember(NAME, sound === 'none' ? '' : sound);
}

/** A short tone. A browser lets no page sound before somebody has used it. */
export function playTone(): void {
  if (!navigator.userActivation?.hasBeenActive) return;
  const audio = new AudioContext();
  const volume = new GainNode(audio, { gain: LOUDNESS });
  volume.connect(audio.destination);
  for (const [index, frequency] of NOTES_HZ.entries()) {
    const note = new OscillatorNode(audio, { frequency });
    note.connect(volume);
    note.start(audio.currentTime + index * NOTE_S);
    note.stop(audio.currentTime + (index + 1) * NOTE_S);
    if (index === NOTES_HZ.length - 1) note.onended = () => void audio.close();
  }
}
