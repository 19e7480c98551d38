import { createContext } from 'preact';
import { useContext } from 'preact/hooks';
import type { SearchAnswer } from '../contract/api/search.ts';
import type { Cell } from './data/cell.ts';
import type { Feed } from './data/feed.ts';
import type { Preferences } from './speech.tsx';

/** What lives as long as the page and is available to every screen. */
export type Services = Readonly<{
  feed: Feed;
  /** The language and the time zone that were chosen. */
  preferences: Cell<Preferences>;
  /** The results of searches, kept so that coming back from a read shows them at once. */
  searches: Map<string, SearchAnswer>;
  /** Ids of the reads in the list that was shown last; empty for the list of the newest. */
  listed: Cell<readonly string[]>;
}>;

/** Provides the services to the components. */
export const ServicesContext = createContext<Services | undefined>(undefined);

/** The page's services; throws outside the page. */
export function useServices(): Services {
  const services = useContext(ServicesContext);
  if (services === undefined) throw new Error('useServices needs a ServicesContext above it');
  return services;
}
