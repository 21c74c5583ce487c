/** The lessons on one sheet, to begin or go on with, and behind each the teacher's notes, made to be printed. */
import { css, html, nothing } from 'lit';
import { LESSONS, lessonOf, type Lesson, type Step } from '../lessons/lessons';
import { lessonsText as text, type StepWords } from '../text/lessons';
import { teacherText as T } from '../text/teacher';
import { LessonEvent } from './lesson-event';
import { forgetProgress, hasBegun, readProgress } from './lesson-progress';
import { Sheet, sheetStyles } from './sheet';
import { primary } from './styles';

export class LessonsSheet extends Sheet {
  static override properties = { _notes: { state: true } };

  /** Id of the lesson whose notes are shown. */
  declare _notes: string | undefined;

  constructor() {
    super();
    this._notes = undefined;
  }

  static override styles = [
    sheetStyles,
    primary,
    css`
      .lessons {
        display: grid;
        grid-template-columns: repeat(auto-fit, minmax(min(100%, 320px), 1fr));
        gap: var(--gap);
        margin: 28px 0 0;
        padding: 0;
        list-style: none;
        counter-reset: lesson;
      }
      .lesson {
        counter-increment: lesson;
        display: grid;
        grid-template-rows: auto auto 1fr auto auto;
        gap: 12px;
        background: var(--card);
        border: 1px solid var(--line);
        border-top: 3px solid var(--good);
        border-radius: var(--radius);
        padding: 18px 20px 20px;
        min-width: 0;
      }
      .lesson::before {
        content: counter(lesson);
        content: counter(lesson) / '';
        font: 500 1.8rem / 1 var(--serif);
        color: var(--faint);
      }
      h2 {
        font: 600 1.45rem / 1.2 var(--serif);
        letter-spacing: -0.008em;
      }
      p {
        margin: 0;
        text-wrap: pretty;
      }
      .buttons {
        display: flex;
        flex-wrap: wrap;
        gap: 8px;
      }
      .track {
        display: flex;
        gap: 4px;
      }
      .track i {
        flex: 1;
        height: 6px;
        border-radius: 3px;
        background: var(--grid);
      }
      .track i.past {
        background: var(--good);
      }
      .notes {
        max-width: 50em;
        display: grid;
        gap: 30px;
        margin-top: 26px;
      }
      .notes h2 {
        font: 650 var(--t-body) / 1.3 var(--sans);
        border-bottom: 1px solid var(--line);
        padding-bottom: 6px;
        margin-bottom: 12px;
      }
      .notes :is(ul, ol) {
        margin: 0;
        padding-inline-start: 1.3em;
        display: grid;
        gap: 6px;
      }
      .course {
        display: grid;
        grid-template-columns: max-content minmax(0, 1fr);
        gap: 8px 18px;
        margin: 0;
      }
      .course dt {
        color: var(--soft);
        font-variant-numeric: tabular-nums;
        text-align: end;
      }
      dd {
        margin: 0;
      }
      .pairs {
        display: grid;
        gap: 14px;
        margin: 0;
      }
      .pairs dt {
        font-weight: 600;
      }
      .pairs dd,
      .answer {
        color: var(--soft);
        text-wrap: pretty;
      }
      .kicker {
        color: var(--soft);
        font-size: var(--t-small);
        margin: 16px 0 -8px;
      }
      @media print {
        .notes {
          gap: 18px;
          max-width: none;
          font-size: 10.5pt;
        }
        .pairs > div,
        .notes li,
        .course dd {
          break-inside: avoid;
        }
        .notes h2 {
          break-after: avoid;
        }
        .lesson {
          break-inside: avoid;
        }
        .buttons {
          display: none;
        }
      }
    `,
  ];

  override async open(): Promise<void> {
    this._notes = undefined;
    // Progress may have changed since.
    this.requestUpdate();
    await super.open();
  }

  #begin(lesson: Lesson, anew: boolean): void {
    if (anew) forgetProgress(lesson);
    this.close();
    this.dispatchEvent(new LessonEvent(lesson.id));
  }

  async #showNotes(id: string | undefined): Promise<void> {
    this._notes = id;
    await this.updateComplete;
    this.toTop();
  }

  protected override back() {
    if (this._notes === undefined) return undefined;
    return html`<button @click=${() => void this.#showNotes(undefined)}>${T.back}</button>`;
  }

  protected override content() {
    const lesson = this._notes === undefined ? undefined : lessonOf(this._notes);
    if (lesson) return this.#teacher(lesson);
    return html`
      <h1 id="heading" tabindex="-1">${text.title}</h1>
      <p class="lead">${text.lead}</p>
      <ul class="lessons">
        ${LESSONS.map((each) => this.#card(each))}
      </ul>
    `;
  }

  #card(lesson: Lesson) {
    const { title, about } = text.lessons[lesson.id];
    const progress = readProgress(lesson);
    const begun = hasBegun(progress);
    const steps = lesson.steps.length;
    const goOn = begun ? text.goOn(progress.step + 1, steps) : text.begin;
    return html`<li class="lesson">
      <h2>${title}</h2>
      <p>${about}</p>
      <div>
        <p class="note">${text.facts(steps, lesson.minutes)}</p>
        ${
          begun
            ? html`<div class="track" aria-hidden="true">
                ${lesson.steps.map((_, i) => html`<i class=${i <= progress.step ? 'past' : ''}></i>`)}
              </div>`
            : nothing
        }
      </div>
      <div class="buttons">
        <button
          class="primary"
          aria-label=${text.beginLabel(goOn, title)}
          @click=${() => {
            this.#begin(lesson, false);
          }}
        >
          ${goOn}
        </button>
        ${
          begun
            ? html`<button
                aria-label=${text.beginLabel(text.again, title)}
                @click=${() => {
                  this.#begin(lesson, true);
                }}
              >
                ${text.again}
              </button>`
            : nothing
        }
        <button aria-label=${text.beginLabel(text.notes, title)} @click=${() => void this.#showNotes(lesson.id)}>
          ${text.notes}
        </button>
      </div>
    </li>`;
  }

  #teacher(lesson: Lesson) {
    const { goals, course, questions, misconceptions, withoutWebGpu } = T.notes[lesson.id];
    const words: Record<string, StepWords> = text.lessons[lesson.id].steps;
    const pairs = (rows: readonly (readonly [string, string])[]) =>
      html`<dl class="pairs">
        ${rows.map(
          ([one, two]) =>
            html`<div>
              <dt>${one}</dt>
              <dd>${two}</dd>
            </div>`,
        )}
      </dl>`;
    const list = (rows: readonly string[]) =>
      html`<ul>
        ${rows.map((row) => html`<li>${row}</li>`)}
      </ul>`;
    return html`
      <p class="kicker">${T.heading}</p>
      <h1 id="heading" tabindex="-1">${T.title(text.lessons[lesson.id].title)}</h1>
      <p class="lead">${text.lessons[lesson.id].about}</p>
      <div class="notes">
        <section>
          <h2>${T.goals}</h2>
          ${list(goals)}
        </section>
        <section>
          <h2>${T.before}</h2>
          ${list(T.prepare)}
        </section>
        <section>
          <h2>${T.course}</h2>
          <dl class="course">
            ${course.map(
              ([minutes, what]) =>
                html`<dt>${T.minutes(minutes)}</dt>
                  <dd>${what}</dd>`,
            )}
          </dl>
          <p class="note">${T.sum(course.reduce((sum, [minutes]) => sum + minutes, 0))}</p>
        </section>
        <section>
          <h2>${T.questions}</h2>
          ${pairs(questions)}
        </section>
        <section>
          <h2>${T.misconceptions}</h2>
          ${pairs(misconceptions)}
        </section>
        <section>
          <h2>${T.without}</h2>
          ${list(withoutWebGpu)}
        </section>
        <section>
          <h2>${T.steps}</h2>
          <ol>
            ${lesson.steps.map((step) => {
              const said = words[step.id];
              return said
                ? html`<li>
                    <b>${said.title}</b>
                    <div>${said.ask}</div>
                    <div class="answer">${this.#solution(step, said)}</div>
                  </li>`
                : nothing;
            })}
          </ol>
        </section>
      </div>
    `;
  }

  #solution({ check }: Step, { options, unit = '' }: StepWords): string {
    switch (check?.kind) {
      case 'choice':
        return T.right(options?.[check.right]?.label ?? '');
      case 'number':
        return T.between(check.low, check.high, unit);
      case 'bet':
        return T.bet;
      case undefined:
        return '';
    }
  }
}

customElements.define('lessons-sheet', LessonsSheet);

declare global {
  interface HTMLElementTagNameMap {
    'lessons-sheet': LessonsSheet;
  }
}
