/** The elements that nobody sees at first: a second, later script. */
import './case-card';
import './closer-look';
import './curve-table';
import './design-note';
import './heat-map';
import './hyper-panel';
import './keeping-note';
import './keys-dialog';
import './law-stage';
import './live-line';
import './plan-table';
import './race-controls';
import './runs-table';
import './source-note';
import './text-stage';
import './token-view';
import './version-note';
