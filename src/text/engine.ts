/** What a user reads when the engine cannot go on: what happened, and what to do. */
import { bytes } from './numbers';

export const engineText = {
  insecureContext:
    'This page was opened over plain http, where browsers switch WebGPU off. Open it over https, or as http://localhost on this machine.',
  noWebGpu: 'This browser has no WebGPU. Open the page in a current Chrome or Edge.',
  noAdapter:
    'The browser found no graphics adapter for WebGPU. Switch on hardware acceleration in its settings, update the graphics driver, or use another machine.',
  noDevice: (cause: string) => `The graphics adapter gave no device (${cause}). Restart the browser and try again.`,
  noSuchKernels: (name: string, names: readonly string[]) =>
    `There are no kernels called ${name}: ask for one of ${names.join(', ')}, or for none, and the lab chooses.`,
  kernelsNotHere: (name: string) =>
    `The ${name} kernels need subgroups of exactly four invocations, which this adapter does not have. Ask for other kernels, or for none, and the lab chooses.`,
  deviceLost: (reason: string) =>
    `The graphics device was lost${reason && ` (${reason})`}. What was measured so far is kept; press start to begin again on a new device.`,
  deviceSilent: (cause: string) =>
    `The graphics device stopped answering (${cause}). What was measured is kept; press start to begin again on a new device.`,
  refusedCommand: (message: string) =>
    `The graphics device refused a command: ${message}. Reload the page; if it happens again, please report it.`,
  doesNotCompile: (kernel: string, details: string) =>
    `The kernel ${kernel} does not compile on this device: ${details}. Update the browser or the graphics driver; if it stays so, please report it.`,
  bufferTooLarge: (what: string, size: number, limit: number) =>
    `${what} needs ${bytes(size)} in one buffer, but this device allows ${bytes(limit)}. Choose a smaller width or batch, or fewer seeds at once.`,
  bindingTooLarge: (what: string, size: number, limit: number) =>
    `This run needs ${bytes(size)} in one piece of graphics memory (${what}), and WebGPU promises ${bytes(limit)}. Choose a smaller width or batch, or fewer seeds at once.`,
  tooMuchMemory: (size: number, limit: number) =>
    `These runs need ${bytes(size)} of graphics memory at once, more than the ${bytes(limit)} that the lab asks for. Choose smaller models, or fewer at once.`,
  busy: 'A training run is under way already. Stop it before you start another.',
  estimateGivenUp: 'The estimate was given up, because a run was started.',
  nothingToRun: 'There is nothing to run. Give at least one run.',
  textMissing:
    'These runs read a text that is not here: only its fingerprint is kept. Choose the same text again, and press start.',
  textDiffers: (found: { length: number; vocabSize: number }) =>
    `The text has ${found.length} characters of ${found.vocabSize} kinds, which is not what these runs expect: choose the text anew.`,
  noSuchRun: 'There is no such run under way. Start one first.',
  noSuchDispatch: 'The plan of these runs has no such dispatch. Reload the page and look again.',
  foreignCheckpoint:
    'A saved state belongs to none of these runs, or to other kernels or another version of the lab. Start these runs from the beginning.',
  checkpointVersion: (version: unknown) =>
    `A saved state has the version ${String(version)}, which this lab cannot read. Start its runs from the beginning.`,
  damagedCheckpoint: 'A saved state is damaged: not all of it is there. Start its runs from the beginning.',
  notFromZeroUp: (field: string, value: unknown) => `${field} must be a number from 0 up, not ${String(value)}.`,
  notLive: (field: string, live: string) =>
    `${field} cannot be changed while a run is under way, only ${live}. Stop the run and start another one.`,
};
