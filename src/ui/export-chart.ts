/** The chart that is shown, as a picture and as a table. Loaded when it is asked for. */
import type { RunResult } from '../protocol';
import { csvText } from '../share/csv';
import { resultCsv, resultFileName, resultText } from '../share/result-file';
import { shareText } from '../text/share';
import { download } from './download';
import type { LabState } from './store';

/** Pixels of the picture for one of the page's. */
const SCALE = 2;

function everywhere(root: ParentNode, selector: string): Element[] {
  const here = [...root.querySelectorAll(selector)];
  const inside = [...root.querySelectorAll('*')].flatMap(({ shadowRoot }) =>
    shadowRoot ? everywhere(shadowRoot, selector) : [],
  );
  return [...here, ...inside];
}

/** Paints an SVG with the styles that it has on the page, which its text alone does not carry. */
function withStyles(svg: SVGSVGElement): string {
  const copy = svg.cloneNode(true) as SVGSVGElement;
  const originals = [svg, ...svg.querySelectorAll<SVGElement>('*')];
  const copies = [copy, ...copy.querySelectorAll<SVGElement>('*')];
  const properties = [
    ...['fill', 'fill-opacity', 'stroke', 'stroke-width', 'stroke-dasharray', 'stroke-opacity', 'stroke-linecap'],
    ...['stroke-linejoin', 'opacity', 'paint-order', 'font-family', 'font-size', 'font-weight', 'text-anchor'],
    ...['font-variant-numeric', 'display', 'visibility'],
  ];
  originals.forEach((element, i) => {
    const style = getComputedStyle(element);
    for (const property of properties) copies[i]!.style.setProperty(property, style.getPropertyValue(property));
  });
  copy.setAttribute('xmlns', 'http://www.w3.org/2000/svg');
  const { width, height } = svg.getBoundingClientRect();
  copy.setAttribute('width', String(width));
  copy.setAttribute('height', String(height));
  return new XMLSerializer().serializeToString(copy);
}

function sizeOf(element: Element): { width: number; height: number } {
  const { width, height } = element.getBoundingClientRect();
  return { width, height };
}

async function imageOf(svg: SVGSVGElement): Promise<HTMLImageElement> {
  const image = new Image();
  // A data URL: the page's policy allows images no other source.
  image.src = `data:image/svg+xml;charset=utf-8,${encodeURIComponent(withStyles(svg))}`;
  await image.decode();
  return image;
}

/** Where each picture comes from: the main chart of the stage, or one of those below it. */
const CHARTS = { png: 'loss-curves, law-chart', surface: 'loss-surface', multiples: 'curve-multiples' } as const;
/** Pixels under which a drawing is no chart, but a mark beside its words. */
const SMALLEST = 120;

/** A chart as it is drawn: a canvas, or one or two SVGs beside each other. @param title its own words if absent */
export async function chartPicture(
  root: ParentNode,
  chart: keyof typeof CHARTS,
  title?: string,
): Promise<Blob | undefined> {
  const stage = everywhere(root, CHARTS[chart])[0];
  if (!stage?.shadowRoot) return undefined;
  const drawings = (everywhere(stage.shadowRoot, 'canvas, svg') as (HTMLCanvasElement | SVGSVGElement)[])
    .map((element) => ({ element, ...sizeOf(element) }))
    .filter(({ width, height }) => Math.min(width, height) >= SMALLEST);
  const pieces = await Promise.all(
    drawings.map(async ({ element, width, height }) => ({
      source: element instanceof HTMLCanvasElement ? element : await imageOf(element),
      width,
      height,
    })),
  );
  if (pieces.length === 0) return undefined;
  const style = getComputedStyle(stage);
  const [margin, head] = [16, 40];
  const picture = document.createElement('canvas');
  picture.width = SCALE * (margin + pieces.reduce((sum, { width }) => sum + width + margin, 0));
  picture.height = SCALE * (head + Math.max(...pieces.map(({ height }) => height)) + margin);
  const pen = picture.getContext('2d');
  if (!pen) return undefined;
  pen.scale(SCALE, SCALE);
  pen.fillStyle = style.getPropertyValue('--card') || '#fff';
  pen.fillRect(0, 0, picture.width, picture.height);
  pen.fillStyle = style.getPropertyValue('--ink') || '#000';
  pen.font = `600 15px ${style.fontFamily}`;
  pen.fillText(
    title ?? stage.shadowRoot.querySelector('h2')?.textContent.trim() ?? '',
    margin,
    26,
    picture.width / SCALE - 2 * margin,
  );
  let left = margin;
  for (const { source, width, height } of pieces) {
    pen.drawImage(source, left, head, width, height);
    left += width + margin;
  }
  return new Promise((resolve) => {
    picture.toBlob((blob) => {
      resolve(blob ?? undefined);
    }, 'image/png');
  });
}

/** Every recorded point of every curve, a row each. */
export function curvesCsv(runs: readonly RunResult[]): string {
  return csvText(
    runs.flatMap(({ arm, seed, branch, curve }) =>
      curve.step.map((step, i) => ({
        ...{ arm, seed, budgetFlops: branch.budgetFlops, step, flops: curve.flops[i] },
        ...{ loss: curve.loss[i], excess: curve.excess[i] },
      })),
    ),
  );
}

export type ExportKind = keyof typeof CHARTS | 'csv' | 'curves' | 'json';

function isChart(kind: ExportKind): kind is keyof typeof CHARTS {
  return kind in CHARTS;
}

/** Hands the reader what is shown; returns what there is to say about it. */
export async function exportShown(kind: ExportKind, state: LabState, title: string): Promise<string> {
  const { result } = state;
  const date = new Date();
  const stem = result
    ? resultFileName(result, date).replace(/\.json$/, '')
    : `scaling-lab-${state.exhibit}-${date.toISOString().slice(0, 10)}`;
  if (isChart(kind)) {
    const picture = await chartPicture(document, kind, kind === 'png' ? title : undefined);
    if (!picture) return shareText.save.noPicture;
    download(
      `${stem}${kind === 'png' ? '' : `-${kind}`}.png`,
      new Uint8Array(await picture.arrayBuffer()),
      'image/png',
    );
  } else if (!result) return shareText.save.noResult;
  else if (kind === 'json') download(`${stem}.json`, resultText(result));
  else if (kind === 'csv') download(`${stem}.csv`, resultCsv(result), 'text/csv');
  else download(`${stem}-curves.csv`, curvesCsv(result.runs), 'text/csv');
  return shareText.save.done;
}
