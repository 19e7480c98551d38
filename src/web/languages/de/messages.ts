import type { Messages } from '../messages.ts';
import { account, entrance } from './account.ts';
import { alerts, lists } from './alerts.ts';
import { audit, purpose } from './audit.ts';
import { cameras } from './cameras.ts';
import { channels } from './channels.ts';
import { files, notes } from './files.ts';
import { errors, frame } from './frame.ts';
import { gate } from './gate.ts';
import { health } from './health.ts';
import { people, tokens } from './people.ts';
import { plates } from './plates.ts';
import { privacy } from './privacy.ts';
import { process, way } from './process.ts';
import { live, read, search } from './reads.ts';
import { reports } from './reports.ts';
import { review } from './review.ts';
import { rules } from './rules.ts';
import { system } from './system.ts';

/** Every text of the page in German. */
export const messages = {
  frame,
  errors,
  live,
  read,
  search,
  system,
  way,
  process,
  entrance,
  account,
  people,
  tokens,
  alerts,
  rules,
  lists,
  channels,
  gate,
  health,
  audit,
  cameras,
  purpose,
  files,
  notes,
  plates,
  privacy,
  reports,
  review,
} satisfies Messages;
