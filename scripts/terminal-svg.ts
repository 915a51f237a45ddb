// `animate`: terminal sessions as one animated SVG, in CSS only; readers who want no motion see the last session whole.
import type { Span } from './terminal-screen.ts';

/** A command and what the terminal showed after it. */
export interface Scene {
  readonly command: string;
  readonly lines: readonly (readonly Span[])[];
}

const [lineHeight, charWidth, padding] = [18, 7.8, 18];
/** Seconds that a scene stands still after its last line. */
const pause = 7;
/** Seconds from the command to the first line, and from one line to the next. */
const [before, between] = [1.2, 0.06];

const look = `
svg{background:#12161d;border-radius:8px}g{opacity:0}g.last{opacity:1}text{font:13px ui-monospace,SFMono-Regular,Menlo,Consolas,"DejaVu Sans Mono",monospace;fill:#e7ebf2;white-space:pre}
.bold{font-weight:700}.dim{fill:#a5afbf}.red{fill:#ff8a80}.green{fill:#5ccf8b}.yellow{fill:#f0b95a}.prompt{fill:#7fb2ff}
`;

/** The picture. Its texts are the texts of the sessions, line by line. */
export function animate(scenes: readonly Scene[], columns: number): string {
  const lengths = scenes.map(({ lines }) => before + lines.length * between + pause);
  const total = lengths.reduce((sum, length) => sum + length, 0);
  const rows = Math.max(...scenes.map(({ lines }) => lines.length)) + 1;
  const [width, height] = [Math.ceil(columns * charWidth + 2 * padding), rows * lineHeight + 2 * padding];
  let start = 0;
  const drawn = scenes.map((scene, at) => {
    const from = start;
    start += lengths[at] ?? 0;
    return draw(scene, { id: `s${at}`, from, to: start, total, isLast: at === scenes.length - 1 });
  });
  return `<svg xmlns="http://www.w3.org/2000/svg" width="${width}" height="${height}" viewBox="0 0 ${width} ${height}" role="img" aria-label="A terminal: ${escape(scenes.map(({ command }) => command).join(', then '))}">
<style>${look}${drawn.map(({ style }) => style).join('')}
@media (prefers-reduced-motion:reduce){*{animation:none!important}}</style>
${drawn.map(({ text }) => text).join('\n')}
</svg>
`;
}

interface Timing {
  readonly id: string;
  readonly from: number;
  readonly to: number;
  readonly total: number;
  readonly isLast: boolean;
}

function draw({ command, lines }: Scene, { id, from, to, total, isLast }: Timing): { style: string; text: string } {
  const percent = (at: number) => `${Math.round((at / total) * 10_000) / 100}%`;
  const shown = (name: string, at: number) =>
    `@keyframes ${name}{0%,${percent(at)}{opacity:0}${percent(at + 0.01)},${percent(to - 0.02)}{opacity:1}${percent(to)},100%{opacity:0}}`;
  const steps = [...new Set(lines.map((_, at) => Math.floor(at / 3)))];
  const styles = steps.map((step) => {
    const name = `${id}-${step}`;
    return `${shown(name, from + before + step * 3 * between)}.${name}{animation:${name} ${total}s linear infinite}`;
  });
  const y = (row: number) => padding + 13 + row * lineHeight;
  const first = `<text x="${padding}" y="${y(0)}"><tspan class="prompt">$ </tspan>${escape(command)}</text>`;
  const others = lines.map((spans, at) => {
    const parts = spans.map(({ text, style }) =>
      style === '' ? escape(text) : `<tspan class="${style}">${escape(text)}</tspan>`,
    );
    return `<text class="${id}-${Math.floor(at / 3)}" x="${padding}" y="${y(at + 1)}" xml:space="preserve">${parts.join('')}</text>`;
  });
  const group = `${shown(id, from)}.${id}{animation:${id} ${total}s linear infinite}`;
  return {
    style: [group, ...styles].join(''),
    text: `<g class="${id}${isLast ? ' last' : ''}">${[first, ...others].join('\n')}</g>`,
  };
}

function escape(text: string): string {
  return text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;').replaceAll('"', '&quot;');
}
