import { render } from 'preact';
import { Cell } from './data/cell.ts';
import { Feed } from './data/feed.ts';
import { Page } from './page.tsx';
import { type Services, ServicesContext } from './services.ts';
import { recallPreferences, Speech } from './speech.tsx';

const root = document.getElementById('page');
if (root === null) throw new Error('The page has no element #page to render into');

const services: Services = {
  feed: new Feed(),
  preferences: new Cell(recallPreferences()),
  searches: new Map(),
  listed: new Cell<readonly string[]>([]),
};
services.feed.start();
render(
  <ServicesContext.Provider value={services}>
    <Speech preferences={services.preferences}>
      <Page />
    </Speech>
  </ServicesContext.Provider>,
  root,
);
