import { createContext } from 'preact';
import { useContext } from 'preact/hooks';
import type { Permission } from '../contract/access.ts';
import type { SearchAnswer } from '../contract/api/search.ts';
import type { Cell } from './data/cell.ts';
import type { Feed } from './data/feed.ts';
import type { Session, Who } from './data/session.ts';
import type { Preferences } from './speech.tsx';

/** What lives as long as the page, whoever looks at it. */
export type Frame = Readonly<{
  session: Session;
  /** The language and the time zone that were chosen. */
  preferences: Cell<Preferences>;
}>;

/** What a person who signed in has, until they sign out. */
export type Services = Readonly<{
  who: Who;
  may: (permission: Permission) => boolean;
  feed: Feed;
  /** The results of searches, kept so that coming back from a read shows them at once. */
  searches: Map<string, SearchAnswer>;
  /** Ids of the reads in the list that was shown last; empty for the list of the newest. */
  listed: Cell<readonly string[]>;
}>;

/** Provides the frame to the components. */
export const FrameContext = createContext<Frame | undefined>(undefined);

/** Provides the services to the components. */
export const ServicesContext = createContext<Services | undefined>(undefined);

/** The page's frame; throws outside the page. */
export function useFrame(): Frame {
  const frame = useContext(FrameContext);
  if (frame === undefined) throw new Error('useFrame needs a FrameContext above it');
  return frame;
}

/** The services of whoever signed in; throws where nobody has. */
export function useServices(): Services {
  const services = useContext(ServicesContext);
  if (services === undefined) throw new Error('useServices needs a ServicesContext above it');
  return services;
}
