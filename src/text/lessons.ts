/** The guided lessons in words. What each step sets and checks is in lessons/lessons.ts. */
import { nats, percent, significant } from './numbers';

/** One of the answers to choose from, and what is said to whoever chose it. */
export interface Option {
  label: string;
  because: string;
}

export interface StepWords {
  title: string;
  say: string;
  /** The question that is checked, or bet on. */
  ask?: string;
  options?: readonly Option[];
  /** Behind a number. */
  unit?: string;
  /** What is said to a right number, and to a wrong one. */
  right?: string;
  wrong?: string;
}

export interface LessonWords {
  title: string;
  /** What it is about, in a sentence. */
  about: string;
  steps: Record<string, StepWords>;
}

const lessons = {
  law: {
    title: 'What is a scaling law?',
    about:
      'Four sizes of one model read the same text. How much better is the largest, and what would it take to be better still?',
    steps: {
      floor: {
        title: 'A text with a floor',
        say: 'The models on this page read a made-up language. A hidden rule says which syllable may follow which, and chance picks among them. Loss says how surprised a model is by the next syllable, in nats; less is better.',
        ask: 'Why does a model that knows the rule perfectly still have a loss above zero?',
        options: [
          {
            label: 'Because chance picks among the syllables that the rule allows',
            because:
              'Yes. What chance decides nobody can foresee. The loss that is left is the floor, and here it is known.',
          },
          {
            label: 'Because every model is too small',
            because: 'Not even an endlessly large model could foresee what chance decides.',
          },
          {
            label: 'Because it has not trained for long enough',
            because: 'More training brings it closer to the floor, but never below: what chance decides stays open.',
          },
        ],
      },
      bet: {
        title: 'Bet, then run',
        say: 'The smallest dense model has some 1,800 parameters, the largest eight times as many. All read the same data. Place your bet, then press Start and watch dot after dot land.',
        ask: 'How many times closer to the floor will the largest dense model end than the smallest?',
        unit: 'times closer',
      },
      linear: {
        title: 'On ordinary axes',
        say: 'The chart now has linear axes: as far from 2,000 to 4,000 parameters as from 10,000 to 12,000.',
        ask: 'Follow the dense dots from left to right. What do they do?',
        options: [
          {
            label: 'They fall along a straight line',
            because: 'Look at the first step and at the last: the first falls deeper.',
          },
          {
            label: 'They fall steeply, then less and less',
            because:
              'Yes. Each thousand parameters brings less than the thousand before. Many have called that a wall.',
          },
          {
            label: 'They fall, and then stop at once',
            because: 'They fall ever more slowly, but there is no place at which they stop.',
          },
        ],
      },
      log: {
        title: 'On logarithmic axes',
        say: 'Now every doubling is equally wide, on both axes. Nothing was measured anew: these are the same dots.',
        ask: 'And now?',
        options: [
          {
            label: 'They lie close to a straight line',
            because:
              'Yes. Equal factors in size bring equal factors in loss above the floor. That is a power law, and its steepness is the exponent.',
          },
          { label: 'They bend even more', because: 'Hold a sheet of paper along them: they lie close to its edge.' },
          {
            label: 'They lie anywhere',
            because: 'Each dot has a little noise of its own, but together they follow a line.',
          },
        ],
      },
      price: {
        title: 'The price of a step',
        say: 'Say that eight times the parameters bring a model 1.6 times closer to the floor. On a straight line the next 1.6 costs the same factor again.',
        ask: 'How many times as many parameters does it take to come 1.6 × 1.6 = 2.56 times closer?',
        unit: 'times as many',
        right: 'Yes, 8 × 8 = 64. Each equal step closer multiplies the price: that is why such models became so large.',
        wrong: 'The factor of eight is paid twice, one step upon the other: multiply it by itself.',
      },
      returns: {
        title: 'Diminishing, from the start',
        say: 'Articles say that returns begin to diminish when models are huge.',
        ask: 'What does the straight line say?',
        options: [
          {
            label: 'Returns diminish only on its right end',
            because: 'The line has the same slope everywhere: nothing special happens at its right end.',
          },
          {
            label: 'Each doubling takes off the same share, small model or large',
            because:
              'Yes. Counted in shares nothing changes; counted in nats, returns diminish from the first doubling on.',
          },
          {
            label: 'Each doubling takes off the same number of nats',
            because: 'That would be a straight line on linear axes, where the dots bent.',
          },
        ],
      },
      doubt: {
        title: 'How sure is it?',
        say: 'Every size was trained three times, from other seeds: other rules, other texts, other first numbers. The small dots are single runs; the bars show how far their mean is uncertain.',
        ask: 'With only four sizes the page shows no exponent. Why?',
        options: [
          {
            label: 'It has not been computed yet',
            because: 'It could be computed at once: a line fits any few dots somehow.',
          },
          {
            label: 'Many different lines fit so few dots nearly as well',
            because:
              'Yes. A number without its interval would claim more than was measured. Choose more compute, and larger sizes join.',
          },
          {
            label: 'Small models follow no law',
            because: 'They do, as you saw. The question is how well so few dots pin it down.',
          },
        ],
      },
      end: {
        title: 'What you can say now',
        say: 'Loss above a floor falls as a power of size: straight on logarithmic axes, each equal step at a multiple of the price. The exponent you measured belongs to this text and this amount of data; another text has another one. Look at “Loss against data” next: the same shape again.',
      },
    },
  },
  sparse: {
    title: 'Dense or sparse?',
    about:
      'A model of sixteen small experts, of which each token visits two, against an ordinary one of the same training compute.',
    steps: {
      share: {
        title: 'Sixteen experts, two at work',
        say: 'In the sparse model each large block is cut into sixteen small experts. For every token a router picks two of them. The other fourteen do nothing for that token.',
        ask: 'What share of its experts does one token use?',
        unit: '%',
        right: 'Yes: two of sixteen, 12.5 per cent. Together the two are as large as the one block of the dense model.',
        wrong: 'Two of sixteen: divide, and tell it in per cent.',
      },
      fair: {
        title: 'A fair race',
        say: 'Two kinds of model are to be compared. Something must be equal, or the result says nothing.',
        ask: 'What is made equal here?',
        options: [
          {
            label: 'The number of parameters',
            because: 'The sparse model holds several times as many. That comparison comes later, at equal memory.',
          },
          {
            label: 'The training time on the clock',
            because: 'That would depend on the machine and on who wrote the programs. It is shown beside the answer.',
          },
          {
            label: 'The training compute, counted in FLOPs',
            because: 'Yes. Each run spends the same FLOPs; the sparse one even pays for its router, with fewer steps.',
          },
        ],
      },
      bet: {
        title: 'Bet, then run',
        say: 'Both train from three seeds. At the end the page reads off the sparse model’s own measurements how much less compute it would have needed to reach the dense model’s final loss. Place your bet, then press Start.',
        ask: 'How many times less compute? Below 1 you bet on the dense model.',
        unit: 'times less compute',
      },
      memory: {
        title: 'What it does not save',
        say: 'Look at the small print under the answer, or at the table of settings: there is what each model holds in memory.',
        ask: 'Does the sparse model save memory?',
        options: [
          {
            label: 'Yes: only two experts are in use',
            because: 'For one token, yes. But another token needs others, so all sixteen must be held.',
          },
          {
            label: 'No: all sixteen experts must be held, it needs more',
            because:
              'Yes. It saves compute and pays in memory. At equal memory a dense model does about as well: there is a card for that.',
          },
          { label: 'It makes no difference', because: 'It does: compare the numbers that each model holds.' },
        ],
      },
      control: {
        title: 'Is it the choosing?',
        say: 'Perhaps any sixteen experts would do. As a control, a fixed table takes the router’s place: the token that is being read decides, once and for all. The case is set; its numbers are on the card “Is it the router?”, and you can run it yourself.',
        ask: 'On this text, where the token before the last one matters, how does the model with a table by token end?',
        options: [
          { label: 'As well as the one with a router', because: 'Look at its bar on the card: it ends far from it.' },
          {
            label: 'Between the sparse and the dense one',
            because: 'Look again: its bar is longer than the dense model’s.',
          },
          {
            label: 'Worse even than the dense one',
            because:
              'Yes. Experts chosen by the wrong thing each see a bit of everything and have less to learn it with.',
          },
        ],
      },
      table: {
        title: 'Where a table is enough',
        say: 'Now the rule is changed: the last token alone says what applies. Look at the card for this case, or run it.',
        ask: 'How does the fixed table by token do here?',
        options: [
          {
            label: 'At least as well as the learned router',
            because:
              'Yes. Here it is the sparse capacity that pays, and a table hands it out just as well. So one must say which text was measured.',
          },
          {
            label: 'Worse even than the dense model',
            because: 'That was the case before. Look at the bars of this one.',
          },
        ],
      },
      nothing: {
        title: 'Where there is nothing to gain',
        say: 'In this case nine of ten rules are the same in every topic. There is little that an expert could have to itself.',
        ask: 'How far apart do dense and sparse end?',
        options: [
          {
            label: 'Half a nat, as in the race',
            because: 'In the race there was something to specialise in. Look at the numbers of this card.',
          },
          {
            label: 'Less than a hundredth of a nat',
            because: 'Yes: both are all but on the floor. Experts pay where there is something to be expert in.',
          },
        ],
      },
      end: {
        title: 'Say it exactly',
        say: 'You have seen a win, what it costs, and where it vanishes.',
        ask: 'Which sentence would you sign?',
        options: [
          {
            label: 'Sparse models are better than dense ones',
            because: 'At equal memory, or on another text, you saw it otherwise.',
          },
          {
            label:
              'At equal compute, on a text with parts to specialise in, sparse experts chosen by content reached a lower loss; they take more memory',
            because:
              'Yes. It says what was equal, on what, and what it costs. Add the budget and the interval, and it can be checked by anybody.',
          },
          {
            label: 'Sparse models save compute and memory',
            because: 'Compute, yes. Memory, no: all experts must be held.',
          },
        ],
      },
    },
  },
  predict: {
    title: 'Predict the next model',
    about:
      'Five small models foretell a sixth. The prediction is frozen before the sixth is trained, and then it is hit or miss.',
    steps: {
      idea: {
        title: 'A forecast that can fail',
        say: 'A large training run costs millions. Whoever pays wants to know beforehand how good the model will be. So small ones are trained first, a line is drawn through them, and it is read off where the large one will be.',
        ask: 'What makes such a forecast worth something?',
        options: [
          {
            label: 'That the line goes through all small models',
            because: 'Any line through known dots does that. What counts are dots that nobody has seen yet.',
          },
          {
            label: 'That it is written down, with its margin, before the large model is trained',
            because:
              'Yes. Only what was fixed beforehand can turn out wrong, and only what can turn out wrong says something.',
          },
          {
            label: 'That many experts agree with it',
            because: 'They may all be wrong together. The next run decides.',
          },
        ],
      },
      bet: {
        title: 'Your forecast',
        say: 'Five sizes train first. The sixth has some 26,000 active parameters, the fifth some 15,000. Place your bet before you press Start, or wait for the first dots, but bet before the prediction is frozen. You can also drag the marker on the chart.',
        ask: 'How far above the floor will the sixth model end?',
        unit: 'nats',
      },
      margin: {
        title: 'Ninety per cent',
        say: 'The page’s own prediction came with a 90 % interval. It is made of three things: how uncertain the line is, how much runs of one size differ by luck, and how far the sizes lie off the line.',
        ask: 'If ten classes do this, how many misses should be expected?',
        unit: 'of ten',
        right: 'Yes, about one. A single miss proves nothing, and neither does a single hit.',
        wrong: 'Ninety per cent are hits; what is left is missed.',
      },
      frozen: {
        title: 'Why freeze it?',
        say: 'The prediction’s date and time were kept with it, before the first step of the sixth model.',
        ask: 'What could go wrong if it were computed afterwards?',
        options: [
          {
            label: 'One could, even without meaning to, choose the fit that comes out best',
            because:
              'Yes. Which sizes count, which are left out as odd: there is always something to choose, and knowing the outcome chooses for you.',
          },
          {
            label: 'Nothing, the fit would be the same',
            because: 'This one would. But of many possible fits one would be tempted to show the one that came true.',
          },
          { label: 'The computer would be slower', because: 'Fitting takes a fraction of a second either way.' },
        ],
      },
      far: {
        title: 'How far is too far?',
        say: 'The sixth model is not even twice as large as the fifth. Those who build large models go a hundred or a thousand times beyond their small ones.',
        ask: 'Where would you stop trusting the line?',
        options: [
          {
            label: 'Never: a law is a law',
            because:
              'This one was only measured over a short stretch. With little data the line bends, as short runs here show.',
          },
          {
            label: 'The farther beyond the measured sizes, the less: watch the band widen',
            because:
              'Yes. And the band only knows about noise, not about bends: if something else begins to matter, it will not tell.',
          },
          {
            label: 'Right behind the last dot',
            because: 'Then nothing could ever be planned. Within reason the line has held again and again.',
          },
        ],
      },
      article: {
        title: 'Catch an article',
        say: 'An article has it that twice the compute takes a model from 80 per cent right to 88 or 90. That would take 40 to 50 per cent off what is wrong. If there is time, bet and press Start: here the loss above the floor stands for what is wrong.',
        ask: 'How much of it does twice the compute take off?',
        unit: '%',
      },
      end: {
        title: 'What you can say now',
        say: 'Small runs can foretell a larger one, within a margin, near what was measured. The forecast is of the loss. What a lower loss lets a model do is a different question, and a harder one.',
      },
    },
  },
} as const satisfies Record<string, LessonWords>;

/** Names of the lessons. */
export type LessonId = keyof typeof lessons;

function value(unit: string, amount: number): string {
  if (unit === 'nats') return nats(amount, 2);
  return unit === '%' ? significant(amount, 3) : amount.toFixed(1);
}

export const lessonsText = {
  lessons,
  title: 'Lessons',
  lead: 'Each sets up the lab step by step, asks before it shows, and lets you bet before you measure. They take a school lesson each, or twenty minutes for one reader.',
  facts: (steps: number, minutes: number) => `${steps} steps · about ${minutes} minutes in class`,
  begin: 'Begin',
  goOn: (step: number, steps: number) => `Go on at step ${step} of ${steps}`,
  again: 'Begin again',
  notes: 'Teacher’s notes',
  beginLabel: (what: string, title: string) => `${what}: ${title}`,

  panel: {
    label: (title: string) => `Lesson: ${title}`,
    step: (n: number, of: number) => `Step ${n} of ${of}`,
    toStep: (n: number, title: string) => `Step ${n}: ${title}`,
    back: 'Back',
    next: 'Next',
    finish: 'Finish',
    leave: 'Leave',
    leaveLabel: 'Leave the lesson',
    check: 'Check',
    answer: 'Your answer',
    bet: 'Your bet',
    place: 'Place the bet',
    placed: (amount: string) => `Your bet: ${amount}. You can change it until something has been measured.`,
    start: 'Start the runs',
    running: 'Runs are under way …',
    amount: (amount: number, unit: string) => `${value(unit, amount)}${unit === '%' ? '\u00a0%' : ` ${unit}`}`,
    came: (amount: string, interval: [string, string] | undefined) =>
      `It came to ${amount}${interval ? ` (interval ${interval[0]} to ${interval[1]})` : ''}.`,
    bound: (low: number, unit: string) => value(unit, low),
    atLeast: (amount: string) => `It came to at least ${amount}.`,
    noSaving: 'No saving came out of it that these seeds can show.',
    inside: 'Your bet lies inside the interval: well placed.',
    off: (share: number) => (share < 0.005 ? 'Your bet is spot on.' : `Your bet is off by ${percent(share)} of it.`),
    noBet: 'No bet was placed: you can still bet when you run it again.',
    smoke:
      'That was a quick check, too short to mean anything. Choose more compute and run it again before you believe it.',
    recorded: (adapter: string) =>
      `Nothing can be trained on this machine, so this is what was recorded on ${adapter}.`,
    willBeRecorded:
      'Nothing can be trained on this machine: place your bet, and it is compared with what was recorded.',
    cannot: 'Nothing can be trained on this machine: look on with a neighbour who can, or go on without.',
    set: 'Set the lab for this step',
    moved: 'The lab shows something else than this step is about.',
    busy: 'Runs are under way: stop them, or wait for their end, and the lab can be set for this step.',
  },
};
