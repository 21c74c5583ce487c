/** The page's entry: one store, one session, the exhibits; everything else follows from them. */
import { EXPERIMENTS } from '../experiments/experiments';
import { connectText, connectWorker } from './connect';
import { askedKernels } from './asked-kernels';
import { Curves } from './curves';
import { Exhibit } from './exhibit';
import { Gallery } from './gallery';
import { makeLab } from './lab';
import './lab-page';
import { loadLater } from './later';
import { openLesson } from './lesson-place';
import { Keeper } from './keeper';
import { EMBEDDED } from './parts';
import { Library } from './library';
import { Session } from './session';
import { Store } from './store';
import { applyTheme, initialTheme } from './theme';

const theme = initialTheme();
applyTheme(theme);

// A link decides what is shown first; else it is what was recorded of the first experiment.
const linked = location.hash.length > 1;
const store = new Store({
  theme,
  ...(!linked && { wanted: { case: EXPERIMENTS[0]?.cases[0].id ?? '', setting: {} } }),
});
const curves = new Curves();
const library = new Library(connectText);
const session = new Session(store, curves, connectWorker, askedKernels(), (specs) => library.textsOf(specs));
// The first screen comes before all that is not on it, over a slow connection too; without it the page goes on.
const seen = linked ? Promise.resolve() : Promise.allSettled([loadLater().then(drawn)]);
// The archive has a script of its own, which nothing on the first screen waits for.
const keeper = new Keeper(async () => {
  await seen;
  return (await import('../archive/archive')).openArchive();
});
const gallery = new Gallery(
  EXPERIMENTS.map((experiment) => new Exhibit(session, experiment, keeper)),
  keeper,
);
window.lab = makeLab(session, keeper, (experiment) => void gallery.open(experiment));

const page = document.createElement('lab-page');
page.gallery = gallery;
gallery.withRecorded = openLesson() === undefined;
page.curves = curves;
page.library = library;
document.body.append(page);

// Charts are drawn again once there is something to draw them with.
void loadLater().then(() => {
  store.update({});
});
void seen.then(() => {
  if (!linked) void gallery.begin();
  // The reader of links comes with a script of its own, which is wanted in any case.
  void import('./sharing').then(({ Sharing }) => {
    const sharing = new Sharing(gallery, store, (files) => void page.collect(files));
    page.sharing = sharing;
    return sharing.begin();
  });
  void keeper.watch(store);
  // What lies below the charts is defined once they are on their way; its elements are upgraded in place.
  const below = import('./below');
  // Only what was built can be kept, and a frame in another page is opened through that page.
  if (import.meta.env.PROD && isSecureContext && 'serviceWorker' in navigator && !EMBEDDED) {
    void below.then(async () => {
      const { Offline } = await import('./offline');
      page.offline = new Offline(store, keeper);
      await page.offline.begin();
    });
  }
});
void keeper.archive.then((archive) => {
  page.archive = archive;
});

/** Some frames later, or soon where nobody looks and there are no frames. */
function drawn(): Promise<void> {
  return new Promise((resolve) => {
    setTimeout(resolve, 400);
    let frames = 3;
    const next = (): void => {
      if (frames-- > 0) requestAnimationFrame(next);
      else resolve();
    };
    next();
  });
}
