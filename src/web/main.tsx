import { render } from 'preact';
import { Cell } from './data/cell.ts';
import { Session } from './data/session.ts';
import { Gate } from './gate.tsx';
import { Page } from './page.tsx';
import { createScreenCode } from './screen-code.ts';
import { FrameContext } from './services.ts';
import { recallPreferences, Speech } from './speech.tsx';

const root = document.getElementById('page');
if (root === null) throw new Error('The page has no element #page to render into');

const code = createScreenCode();
const preferences = new Cell(recallPreferences());
render(
  <FrameContext.Provider value={{ session: new Session(), preferences }}>
    <Speech preferences={preferences}>
      <Gate code={code}>
        <Page code={code} />
      </Gate>
    </Speech>
  </FrameContext.Provider>,
  root,
);

// Without a secure context, or with a certificate that the browser does not know, the page works and cannot be installed.
navigator.serviceWorker?.register('./sw.js').catch(() => undefined);
