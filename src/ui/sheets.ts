/** The sheets over the page: a script of its own, for whoever opens one. */
import './claims-sheet';
import './lessons-sheet';
