// SPDX-License-Identifier: Apache-2.0
// Draws what programs print on a terminal: run on one, with its colours, as SVG for a light page and for a dark one.
import { spawnSync } from 'node:child_process';

const COLOURS = {
  light: { back: '#f6f8fa', edge: '#b9c3cf', ink: '#1d2733', dim: '#55606e', 31: '#a8321a', 32: '#1a6b34', 33: '#7a5200' },
  dark: { back: '#161b22', edge: '#3b4654', ink: '#e6ebf2', dim: '#a3afbd', 31: '#ff9a80', 32: '#6fd08a', 33: '#e3b341' },
};
const COLUMN = 7.2, ROW = 17, EDGE = 14; // of 12 px type
const escape = s => s.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;').replaceAll('"', '&quot;');

// The lines of a shell command that sees a terminal of so many columns, with the escape codes of colours.
export function onTerminal(command, columns, env) {
  const { stdout, status, stderr } = spawnSync('script', ['-qec', command, '/dev/null'],
    { encoding: 'utf8', env: { PATH: process.env.PATH, HOME: '/nonexistent', TERM: 'xterm', LANG: 'C.UTF-8', COLUMNS: columns, ...env } });
  if (status === null) throw new Error(`${command}: ${stderr}`);
  return stdout.replaceAll('\r', '').trimEnd().split('\n');
}

// Runs of one colour: [words, class] each.
function pieces(line) {
  const found = [];
  let kind = '';
  for (const part of line.split(/(\x1b\[\d*m)/)) {
    const code = /^\x1b\[(\d*)m$/.exec(part);
    if (code) kind = code[1] === '1' ? 'b' : ['31', '32', '33'].includes(code[1]) ? `c${code[1]}` : '';
    else if (part) found.push([part, kind]);
  }
  return found;
}

function row(line, y) {
  const spans = pieces(line).map(([words, kind]) => kind ? `<tspan class="${kind}">${escape(words)}</tspan>` : escape(words));
  return `<text x="${EDGE}" y="${y}" xml:space="preserve">${spans.join('')}</text>`;
}

// `sessions` is a list of [what was typed, lines]; all of it in `columns` columns.
export function drawTerminal(scheme, about, columns, sessions) {
  const c = COLOURS[scheme];
  const lines = sessions.flatMap(([typed, printed], i) => [...(i ? [''] : []), `\x1b[1m$ ${typed}\x1b[0m`, ...printed]);
  const width = Math.ceil(columns * COLUMN + 2 * EDGE), height = lines.length * ROW + 2 * EDGE - 5;
  const style = `text{font:12px ui-monospace,SFMono-Regular,Menlo,"DejaVu Sans Mono",monospace;fill:${c.ink};white-space:pre}.b{font-weight:bold}`
    + [31, 32, 33].map(n => `.c${n}{fill:${c[n]};font-weight:bold}`).join('');
  return `<svg xmlns="http://www.w3.org/2000/svg" width="${width}" height="${height}" viewBox="0 0 ${width} ${height}" role="img" aria-label="${escape(about)}">\n`
    + `<style>${style}</style>\n<rect x=".5" y=".5" width="${width - 1}" height="${height - 1}" rx="8" fill="${c.back}" stroke="${c.edge}"/>\n`
    + lines.map((line, i) => row(line, EDGE + 11 + i * ROW)).join('\n') + '\n</svg>\n';
}
