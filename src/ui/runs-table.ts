/** The table of all runs that are kept: sort, filter, compare, pin, name, delete, export. */
import { css, html, LitElement, nothing } from 'lit';
import type { Archive } from '../archive/archive';
import type { RunRow } from '../archive/records';
import { archiveText as text } from '../text/archive';
import { download } from './download';
import { runKey } from './law-points';
import { PointEvent } from './point-event';
import './run-dialogs';
import type { DeleteDialog, NameDialog } from './run-dialogs';
import './runs-compare';
import { csvFile, resultFiles, weightsFiles, type ExportedFile } from './runs-export';
import { COLUMNS, filtered, nextOrder, sorted, titleOf, type ColumnId, type Order } from './runs-model';
import { base, button, hidden, table } from './styles';

/** Rows of a page: what a browser lays out without being noticed. */
const PAGE = 50;
/** Milliseconds in which several changes are read as one. */
const READ_AFTER = 150;

export class RunsTable extends LitElement {
  static override properties = {
    archive: { attribute: false },
    pointed: { type: String },
    sweep: { type: String },
    _rows: { state: true },
    _filter: { state: true },
    _order: { state: true },
    _page: { state: true },
    _selected: { state: true },
    _comparing: { state: true },
    _said: { state: true },
  };

  declare archive: Archive | undefined;
  /** `runKey` of the run that is pointed at on a chart. */
  declare pointed: string | undefined;
  /** The sweep that the charts show. */
  declare sweep: string | undefined;
  /** Undefined until they have been read. */
  declare _rows: RunRow[] | undefined;
  declare _filter: string;
  declare _order: Order;
  declare _page: number;
  /** Keys of the rows that are ticked, as text. */
  declare _selected: ReadonlySet<string>;
  declare _comparing: boolean;
  /** What came of the last action. */
  declare _said: string;

  #listened: Archive | undefined;
  #timer: ReturnType<typeof setTimeout> | undefined;
  readonly #onChange = (): void => {
    this.#timer ??= setTimeout(() => void this.#read(), READ_AFTER);
  };
  readonly #onProblem = (): void => {
    this.requestUpdate();
  };

  constructor() {
    super();
    this.archive = undefined;
    this.pointed = undefined;
    this.sweep = undefined;
    this._rows = undefined;
    this._filter = '';
    this._order = { column: undefined, descending: false };
    this._page = 0;
    this._selected = new Set();
    this._comparing = false;
    this._said = '';
  }

  static override styles = [
    base,
    button,
    hidden,
    table,
    css`
      :host {
        display: grid;
        grid-template-columns: minmax(0, 1fr);
        gap: 12px;
      }
      .bar {
        display: flex;
        flex-wrap: wrap;
        gap: 8px 12px;
        align-items: center;
      }
      .bar .end {
        margin-inline-start: auto;
      }
      label {
        font-size: var(--t-label);
        color: var(--soft);
        display: flex;
        gap: 8px;
        align-items: center;
        flex: 0 1 26em;
      }
      input[type='search'] {
        font: inherit;
        font-size: var(--t-small);
        color: var(--ink);
        background: var(--card);
        border: 1px solid var(--control);
        border-radius: 10px;
        padding: 6px 11px;
        flex: 1;
        min-width: 0;
      }
      input[type='checkbox'] {
        accent-color: var(--ink);
        width: 1.1em;
        height: 1.1em;
        margin: 0;
        vertical-align: -0.15em;
      }
      .problem {
        background: var(--warn-ground);
        color: var(--warn);
        border-radius: 10px;
        padding: 8px 12px;
        font-size: var(--t-label);
        margin: 0;
      }
      .scroll {
        max-height: 62vh;
        overflow: auto;
      }
      .scroll:focus-visible {
        outline-offset: -2px;
      }
      thead th {
        position: sticky;
        top: 0;
        background: var(--card);
        z-index: 1;
      }
      thead button {
        border: 0;
        padding: 2px 0;
        border-radius: 4px;
        font-size: inherit;
        color: inherit;
      }
      thead button:hover:not(:disabled) {
        background: none;
        color: var(--ink);
        text-decoration: underline;
      }
      th[aria-sort='ascending'],
      th[aria-sort='descending'] {
        color: var(--ink);
      }
      .order {
        display: inline-block;
        width: 1em;
      }
      td {
        vertical-align: middle;
      }
      td button {
        border: 0;
        padding: 2px 4px;
        border-radius: 4px;
        font-size: inherit;
        font-weight: inherit;
      }
      td .nameless {
        color: var(--soft);
      }
      .star {
        color: var(--soft);
        font-size: 1.15em;
        line-height: 1;
      }
      .star[aria-pressed='true'] {
        color: var(--accent);
      }
      tbody tr:hover td {
        background: var(--grid);
      }
      tbody tr.pointed td {
        background: var(--grid);
        box-shadow:
          inset 0 2px var(--accent),
          inset 0 -2px var(--accent);
      }
      .diverged {
        color: var(--warn);
      }
      @media (forced-colors: active) {
        tbody tr.pointed td {
          outline: 2px solid Highlight;
          outline-offset: -2px;
        }
      }
    `,
  ];

  override connectedCallback(): void {
    super.connectedCallback();
    this.#listen();
  }

  override disconnectedCallback(): void {
    super.disconnectedCallback();
    this.#leave();
  }

  override willUpdate(): void {
    if (this.isConnected) this.#listen();
  }

  #listen(): void {
    if (this.#listened === this.archive) return;
    this.#leave();
    this.#listened = this.archive;
    this._rows = undefined;
    this.archive?.addEventListener('change', this.#onChange);
    this.archive?.addEventListener('problem', this.#onProblem);
    void this.#read();
  }

  #leave(): void {
    clearTimeout(this.#timer);
    this.#timer = undefined;
    this.#listened?.removeEventListener('change', this.#onChange);
    this.#listened?.removeEventListener('problem', this.#onProblem);
    this.#listened = undefined;
  }

  async #read(): Promise<void> {
    const { archive } = this;
    this.#timer = undefined;
    const rows = await archive?.rows();
    // It may have been taken away meanwhile.
    if (archive !== this.archive || !rows) return;
    this._rows = rows;
    const kept = new Set(rows.map(({ id }) => id));
    this._selected = new Set([...this._selected].filter((key) => kept.has(key)));
  }

  override render() {
    const rows = this._rows;
    const { archive } = this;
    return html`
      <h2>${text.title}</h2>
      ${archive?.problem ? html`<p class="problem" role="status">${archive.problem}</p>` : nothing}
      ${rows && archive && archive.unreadable > 0 ? html`<p class="note">${text.unreadable(archive.unreadable)}</p>` : nothing}
      ${
        rows === undefined || rows.length === 0
          ? html`<p class="note">${rows ? text.empty : text.loading}</p>`
          : this.#body(rows)
      }
      <p class="note" role="status">${this._said}</p>
      <name-dialog></name-dialog>
      <delete-dialog></delete-dialog>
    `;
  }

  #body(all: RunRow[]) {
    const shown = sorted(filtered(all, this._filter), this._order);
    const pages = Math.max(1, Math.ceil(shown.length / PAGE));
    const page = Math.min(this._page, pages - 1);
    const selected = all.filter(({ id }) => this._selected.has(id));
    return html`
      <div class="bar">
        <label>
          ${text.filter}
          <input
            type="search"
            .value=${this._filter}
            placeholder=${text.filterHelp}
            @input=${(event: InputEvent) => {
              this._filter = (event.target as HTMLInputElement).value;
              this._page = 0;
            }}
          />
        </label>
        <span class="note" role="status">${text.shown(shown.length, all.length)}</span>
        ${pages > 1 ? this.#pages(page, pages) : nothing}
      </div>
      ${selected.length > 0 ? this.#actions(selected) : nothing}
      ${
        this._comparing && selected.length > 1
          ? html`<runs-compare
              .rows=${selected}
              @close=${() => {
                this._comparing = false;
              }}
            ></runs-compare>`
          : nothing
      }
      ${
        shown.length === 0
          ? html`<p class="note">${text.noMatch}</p>`
          : this.#table(shown, shown.slice(page * PAGE, (page + 1) * PAGE))
      }
    `;
  }

  #pages(page: number, pages: number) {
    const go = (to: number) => () => {
      this._page = to;
    };
    return html`
      <nav class="bar end" aria-label=${text.pages.label}>
        <button ?disabled=${page === 0} @click=${go(page - 1)}>${text.pages.previous}</button>
        <span class="note" aria-live="polite">${text.pages.at(page + 1, pages)}</span>
        <button ?disabled=${page === pages - 1} @click=${go(page + 1)}>${text.pages.next}</button>
      </nav>
    `;
  }

  #actions(selected: RunRow[]) {
    const { actions } = text;
    const weighty = selected.filter(({ weights }) => weights);
    return html`
      <div class="bar" role="group" aria-label=${actions.label}>
        <span class="note">${text.selected(selected.length)}</span>
        <button
          ?disabled=${selected.length < 2}
          aria-expanded=${String(this._comparing && selected.length > 1)}
          @click=${() => {
            this._comparing = !this._comparing;
          }}
        >
          ${actions.compare}
        </button>
        <button @click=${() => this.#export(() => [csvFile(selected)])}>${actions.csv}</button>
        <button @click=${() => this.#export(async (archive) => [await resultFiles(archive, selected)])}>
          ${actions.json}
        </button>
        <button
          ?disabled=${weighty.length === 0}
          @click=${() => this.#export(async (archive) => (await Promise.all(weighty.map((row) => weightsFiles(archive, row)))).flat())}
        >
          ${actions.weights}
        </button>
        <button @click=${() => this.#delete(selected)}>${actions.delete}</button>
        <button
          @click=${() => {
            this._selected = new Set();
          }}
        >
          ${actions.clear}
        </button>
      </div>
    `;
  }

  #table(shown: RunRow[], page: RunRow[]) {
    const ticked = shown.filter(({ id }) => this._selected.has(id)).length;
    return html`
      <div class="scroll" tabindex="0" role="region" aria-label=${text.title}>
        <table>
          <thead>
            <tr>
              <th scope="col">
                <input
                  type="checkbox"
                  aria-label=${text.selectAll}
                  .checked=${ticked === shown.length}
                  .indeterminate=${ticked > 0 && ticked < shown.length}
                  @change=${(event: Event) => {
                    this.#tick(shown, (event.target as HTMLInputElement).checked);
                  }}
                />
              </th>
              ${COLUMNS.map(({ id, numeric }) => this.#head(id, numeric))}
            </tr>
          </thead>
          <tbody
            @pointerleave=${() => {
              this.#point(undefined);
            }}
            @focusout=${() => {
              this.#point(undefined);
            }}
          >
            ${page.map((row) => this.#row(row))}
          </tbody>
        </table>
      </div>
    `;
  }

  #head(id: ColumnId, numeric: boolean) {
    const { column, descending } = this._order;
    const order = column !== id ? 'none' : descending ? 'descending' : 'ascending';
    return html`
      <th scope="col" class=${numeric ? 'num' : ''} aria-sort=${order}>
        <button
          @click=${() => {
            this._order = nextOrder(this._order, id);
            this._page = 0;
          }}
        >
          ${text.columns[id]}<span class="order" aria-hidden="true"
            >${{ none: '', ascending: '↑', descending: '↓' }[order]}</span
          >
        </button>
      </th>
    `;
  }

  #row(row: RunRow) {
    const title = titleOf(row);
    // Only runs that are on the charts can light up there.
    const key = row.sweep === this.sweep ? runKey(row.run.arm, row.run.seed) : undefined;
    const point = () => {
      this.#point(key);
    };
    return html`
      <tr class=${key !== undefined && key === this.pointed ? 'pointed' : ''} @pointerenter=${point} @focusin=${point}>
        <td>
          <input
            type="checkbox"
            aria-label=${text.select(title)}
            .checked=${this._selected.has(row.id)}
            @change=${(event: Event) => {
              this.#tick([row], (event.target as HTMLInputElement).checked);
            }}
          />
          <button
            class="star"
            aria-label=${text.pin(title)}
            aria-pressed=${String(row.pinned)}
            @click=${() => this.archive?.pin(row.key, !row.pinned)}
          >
            ${row.pinned ? '★' : '☆'}
          </button>
        </td>
        ${COLUMNS.map(({ id, numeric, shown }) =>
          id === 'name'
            ? html`<td>
                <button
                  class=${row.name ? '' : 'nameless'}
                  aria-label=${text.nameIt(title)}
                  @click=${() => this.#name(row)}
                >
                  ${row.name || text.unnamed}
                </button>
              </td>`
            : html`<td class="${numeric ? 'num' : ''} ${id === 'diverged' && row.run.diverged ? 'diverged' : ''}">
                ${shown(row)}
              </td>`,
        )}
      </tr>
    `;
  }

  #tick(rows: readonly RunRow[], on: boolean): void {
    const selected = new Set(this._selected);
    for (const { id } of rows) {
      if (on) selected.add(id);
      else selected.delete(id);
    }
    this._selected = selected;
  }

  #point(key: string | undefined): void {
    this.dispatchEvent(new PointEvent(key));
  }

  async #name(row: RunRow): Promise<void> {
    const name = await this.renderRoot.querySelector<NameDialog>('name-dialog')?.ask(titleOf(row), row.name);
    if (name !== undefined) this.archive?.rename(row.key, name);
  }

  async #delete(rows: readonly RunRow[]): Promise<void> {
    const dialog = this.renderRoot.querySelector<DeleteDialog>('delete-dialog');
    if (!(await dialog?.ask(rows.map(titleOf)))) return;
    await this.archive?.delete(rows.map(({ key }) => key));
    this._said = text.remove.done(rows.length);
  }

  async #export(make: (archive: Archive) => ExportedFile[] | Promise<ExportedFile[]>): Promise<void> {
    const { archive } = this;
    if (!archive) return;
    try {
      const files = await make(archive);
      for (const { name, content, type } of files) download(name, content, type);
      this._said = files.length > 0 ? text.exported(files.length) : text.notExported;
    } catch (error) {
      this._said = text.failed(error instanceof Error ? error.message : String(error));
    }
  }
}

customElements.define('runs-table', RunsTable);

declare global {
  interface HTMLElementTagNameMap {
    'runs-table': RunsTable;
  }
}
