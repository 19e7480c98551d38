import { alerts } from './boards/alerts.ts';
import { api } from './boards/api.ts';
import { business } from './boards/business.ts';
import { cameras } from './boards/cameras.ts';
import { containers } from './boards/containers.ts';
import { edge } from './boards/edge.ts';
import { kafka } from './boards/kafka.ts';
import { overview } from './boards/overview.ts';
import { recognition } from './boards/recognition.ts';
import { services } from './boards/services.ts';
import { storage } from './boards/storage.ts';
import type { Board } from './panel.ts';

/** Every dashboard, in the order in which the documentation lists them. */
export const BOARDS: readonly Board[] = [
  overview,
  edge,
  kafka,
  services,
  containers,
  cameras,
  recognition,
  alerts,
  api,
  storage,
  business,
];
