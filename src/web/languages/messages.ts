import type { Noun } from './en/frame.ts';
import type { messages } from './en/messages.ts';

/** Every text of the page in one language: a text, or a function that puts values into it. */
export type Messages = typeof messages;

export type { Noun };
