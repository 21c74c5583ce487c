/** What lessons ask of the page. */
import type { LabSetting } from '../lessons/lessons';

/** Opens a lesson beside the lab; without an id closes it. */
export class LessonEvent extends Event {
  constructor(readonly id: string | undefined) {
    super('lab-lesson', { bubbles: true, composed: true });
  }
}

/** Sets the lab as a step wants it. */
export class LabSettingEvent extends Event {
  constructor(readonly lab: LabSetting) {
    super('lab-set', { bubbles: true, composed: true });
  }
}
