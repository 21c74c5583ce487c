/** The page's entry: one store, one session, one experiment; everything else follows from them. */
import { lossAgainstSize } from '../experiments/loss-against-size';
import { connectWorker } from './connect';
import { Curves } from './curves';
import { Exhibit } from './exhibit';
import { makeLab } from './lab';
import './lab-page';
import { Session } from './session';
import { Store } from './store';
import { applyTheme, initialTheme } from './theme';

const theme = initialTheme();
applyTheme(theme);

const store = new Store({ theme });
const curves = new Curves();
const session = new Session(store, curves, connectWorker);
const exhibit = new Exhibit(session, lossAgainstSize);
window.lab = makeLab(session);

const page = document.createElement('lab-page');
page.exhibit = exhibit;
page.curves = curves;
document.body.append(page);

void exhibit.prepare();
// What lies below the charts is defined once they are on their way; its elements are upgraded in place.
void import('./below');
