import type { Noun } from './en/frame.ts';
import type { messages } from './en/messages.ts';
import type { models } from './en/models.ts';
import type { operations } from './en/operations.ts';

/** Every text of the page in one language that comes at once: a text, or a function that puts values into it. */
export type Messages = typeof messages;

/** The texts of the screen of models, which come with it. */
export type ModelMessages = typeof models;

/** The names of operations, which come with the audit. */
export type Operations = typeof operations;

export type { Noun };
