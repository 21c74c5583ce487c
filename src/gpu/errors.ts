import type { LabErrorCode } from '../protocol';

/**
 * An error whose message is a sentence for the user. The code travels in `name`, because only name, message
 * and stack survive the way from a worker to the page.
 */
export class LabError extends Error {
  constructor(code: LabErrorCode, message: string) {
    super(message);
    this.name = `LabError/${code}`;
  }
}
