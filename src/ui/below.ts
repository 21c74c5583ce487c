/** The elements that nobody sees at first: a second, later script. */
import './design-note';
import './hyper-panel';
import './keys-dialog';
import './plan-table';
import './source-note';
