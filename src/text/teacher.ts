/** Teacher's notes: for each lesson its course, what to ask, what is usually misunderstood, and what to do without WebGPU. */
import type { LessonId } from './lessons';

export interface Notes {
  /** What the class can say or do afterwards. */
  goals: readonly string[];
  /** Minutes, and what they are for. */
  course: readonly (readonly [minutes: number, what: string])[];
  questions: readonly (readonly [ask: string, hope: string])[];
  misconceptions: readonly (readonly [belief: string, answer: string])[];
  withoutWebGpu: readonly string[];
}

const notes: Record<LessonId, Notes> = {
  law: {
    goals: [
      'Tell loss, floor and what lies between them apart.',
      'Recognise a power law by its straight line on logarithmic axes, and say what it costs to go on along it.',
      'Say why few dots are no law yet.',
    ],
    course: [
      [4, 'Step 1. Let somebody continue “ka lo mi …” by guessing: why can nobody be right every time?'],
      [4, 'Step 2, the bet. Collect the bets on the board before anybody presses Start.'],
      [8, 'The runs. Meanwhile: what moves on the chart, what do the hollow dots mean, which curves fall fastest?'],
      [4, 'Compare the bets with the answer.'],
      [8, 'Steps 3 and 4. Switch the axes back and forth on the projector; the key is l.'],
      [6, 'Steps 5 and 6. Work out on the board: 8, 64, 512 …'],
      [6, 'Steps 7 and 8. Compare seeds; whoever has time runs it with more compute for homework.'],
    ],
    questions: [
      [
        'What would the chart look like if the floor were unknown?',
        'One would have to fit it as well, and a slightly lower floor and a slightly smaller exponent look alike.',
      ],
      ['Why is each size trained three times?', 'To see how much is luck. A difference smaller than that is none.'],
      [
        'Does the line end somewhere?',
        'On the left, where a model is too small to learn anything; on the right, where the data runs out. In between it holds as far as it was measured.',
      ],
      [
        'What else in nature is a power law?',
        'Metabolism against body mass, the area of a circle against its radius; not the growth of bacteria, which is an exponential.',
      ],
    ],
    misconceptions: [
      [
        '“The curve flattens, so larger models do not help any more.”',
        'It flattens on linear axes only. In shares, the last doubling did as much as the first.',
      ],
      [
        '“A power law and exponential growth are the same.”',
        'On logarithmic axes a power is straight and an exponential bends. Equal factors against equal steps.',
      ],
      ['“Loss zero would be perfect.”', 'Perfect is the floor. Below it only somebody gets who has seen the answers.'],
      [
        '“The exponent is a constant of nature.”',
        'It belongs to the text, the amount of data and the kind of model. Compare the dense with the sparse dots.',
      ],
    ],
    withoutWebGpu: [
      'One machine with Chrome or Edge and any graphics processor, on the projector, is enough: the class bets on paper.',
      'Laptops without it still go through all steps but the bet; the answers need only the projected chart.',
      'Nothing at all: use the recorded race of “Dense or sparse?”, which every machine shows, for steps on loss and floor.',
    ],
  },
  sparse: {
    goals: [
      'Say what a sparse model is, and what it saves and what it does not.',
      'Explain what has to be equal in a fair comparison.',
      'Use a control: take away the one thing that is claimed to matter.',
    ],
    course: [
      [5, 'Step 1. Play it: sixteen pupils are experts, one is the router and sends each card to two of them.'],
      [4, 'Step 2. Collect what could be made equal before showing the answers.'],
      [3, 'Step 3, the bet.'],
      [8, 'The race. On the projector, look at the heat map below: do experts go by topic, or by syllable?'],
      [5, 'The answer and its interval; step 4 on memory.'],
      [12, 'Steps 5 to 7, one case for each third of the class; each reports with numbers.'],
      [8, 'Step 8. Write the sentence in your own words and have a neighbour attack it.'],
    ],
    questions: [
      [
        'Why does the sparse model take fewer steps?',
        'Its router costs compute too, and that is paid for by fewer steps.',
      ],
      [
        'What does the table by token take away, and what not?',
        'It takes away the choosing by content. Number and size of the experts stay.',
      ],
      [
        'Why is the saving never told without its budget?',
        'It grows with the budget. At a tenth of it there is hardly any.',
      ],
      [
        'Who would care that memory is not saved?',
        'Whoever wants to run the model on a phone. Whoever pays for training cares about compute.',
      ],
    ],
    misconceptions: [
      [
        '“Sparse means that many weights are zero.”',
        'Here it means that only few experts compute for each token. None is zero.',
      ],
      [
        '“Each expert knows a subject.”',
        'Look at the heat map: in the first layer they mostly go by syllable. Nobody assigns subjects.',
      ],
      [
        '“The router is the clever part.”',
        'A router that was frozen at random, but that the rest can adapt to, does about as well. It is routing by content, learned by the whole model.',
      ],
      [
        '“The factor on the screen is the truth.”',
        'It is this text, this budget, three seeds, with its interval. Another seed, another number.',
      ],
    ],
    withoutWebGpu: [
      'Every machine shows the recorded race and the recorded cases, and the lesson compares bets with those: nothing need be trained.',
      'Without any machine: print the card of claim 7 and let the class read the saving off its picture.',
    ],
  },
  predict: {
    goals: [
      'Make a forecast with a margin, and say beforehand what would refute it.',
      'Say what a 90 % interval promises, and what not.',
      'Tell reading off within what was measured from reading off far beyond it.',
    ],
    course: [
      [4, 'Step 1. Who has ever explained afterwards why they had known?'],
      [3, 'Step 2, the bet: everybody writes down a number, folded.'],
      [10, 'The runs. Stop talking when the fifth size has ended: the prediction appears and is frozen.'],
      [5, 'Hit or miss? Whose number came closest, the law’s or somebody’s?'],
      [8, 'Steps 3 and 4. Count over the class: how many hits of how many?'],
      [6, 'Step 5. Lay a ruler along the dots, ten times as far: where would it end?'],
      [4, 'Steps 6 and 7; the second bet is for those who are fast, or for homework.'],
    ],
    questions: [
      [
        'Is a miss a failure?',
        'Of the forecast, yes. For the class it is the most instructive case: what was different from what the line assumed?',
      ],
      ['Why does the margin get wider to the right?', 'A small error in the slope grows with the distance.'],
      [
        'Why is one run predicted, and not the mean of many?',
        'Because one large run is all that anybody can pay for. So its own luck belongs into the margin.',
      ],
      [
        'What would you want to know besides the loss?',
        'What the model can do, what it gets wrong, what it costs. The law is silent on these.',
      ],
    ],
    misconceptions: [
      [
        '“A 90 % interval means 90 % accurate.”',
        'It means that nine of ten such intervals hold the outcome. This one either does or does not.',
      ],
      [
        '“A line through all dots must be right for the next.”',
        'With short runs the line bends: at the smallest budget the sixth size is missed by several per cent.',
      ],
      ['“The prediction is as good as the run.”', 'It says one number. Only the run shows whether something broke.'],
      [
        '“More small models always make it better.”',
        'Not if they are all too small, or badly tuned: then the line has the wrong slope, and surely so.',
      ],
    ],
    withoutWebGpu: [
      'One machine on the projector trains; the class predicts on paper with logarithmic graph paper and a ruler.',
      'A machine without a graphics processor trains in software in many minutes: start it before the lesson and leave it at the fifth size.',
    ],
  },
};

export const teacherText = {
  notes,
  heading: 'Teacher’s notes',
  title: (lesson: string) => lesson,
  goals: 'Afterwards the class can',
  course: 'Course',
  minutes: (n: number) => `${n} min`,
  sum: (n: number) => `${n} minutes in all`,
  questions: 'Questions to ask',
  misconceptions: 'What is usually misunderstood',
  steps: 'The steps and their answers',
  right: (answer: string) => `Answer: ${answer}`,
  between: (low: number, high: number, unit: string) =>
    low === high ? `Answer: ${low} ${unit}` : `Answer: from ${low} to ${high} ${unit}`,
  bet: 'A bet: compared with what is measured.',
  without: 'Without WebGPU',
  back: '← All lessons',
  before: 'Before the lesson',
  prepare: [
    'Open the page once on the machine that will show it and press Start: the programs are then compiled, and the time on the button is measured.',
    'Theme “Projector” is made for the back row. ? lists the keys.',
    'Nothing leaves the machine; nobody needs an account.',
  ] as readonly string[],
};
