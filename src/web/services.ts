import { createContext } from 'preact';
import { useContext } from 'preact/hooks';
import type { SearchAnswer } from '../contract/api/search.ts';
import type { Feed } from './data/feed.ts';

/**
 * What lives as long as the page and is handed to every screen. Searches hold what was found so far, so that coming back
 * from a read shows it at once.
 */
export type Services = Readonly<{ feed: Feed; searches: Map<string, SearchAnswer> }>;

/** Provides the services to the components. */
export const ServicesContext = createContext<Services | undefined>(undefined);

/** The page's services; throws outside the page. */
export function useServices(): Services {
  const services = useContext(ServicesContext);
  if (services === undefined) throw new Error('useServices needs a ServicesContext above it');
  return services;
}
