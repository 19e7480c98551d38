import { createContext } from 'preact';
import { useContext } from 'preact/hooks';
import type { Found } from './data/answers.ts';
import type { Feed } from './data/feed.ts';

/** A search already answered, so that coming back from a read shows it at once. */
export type FoundSoFar = Readonly<{ results: readonly Found[]; next: string | null; mode: string }>;

/** What lives as long as the page and is handed to every screen. */
export type Services = Readonly<{ feed: Feed; searches: Map<string, FoundSoFar> }>;

/** Carries the services down the tree. */
export const ServicesContext = createContext<Services | undefined>(undefined);

/** The page's services; throws outside of the page. */
export function useServices(): Services {
  const services = useContext(ServicesContext);
  if (services === undefined) throw new Error('useServices needs a ServicesContext above it');
  return services;
}
