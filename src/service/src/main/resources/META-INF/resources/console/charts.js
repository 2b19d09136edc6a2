// Charts, in the colours of the page, drawn anew when the window or the colour scheme changes.
import uPlot from '../webjars/uplot/dist/uPlot.esm.js';

const colour = (name) => getComputedStyle(document.documentElement).getPropertyValue(`--${name}`).trim();

const axis = (more) => ({
  stroke: colour('soft'),
  grid: { stroke: colour('line'), width: 0.5 },
  ticks: { stroke: colour('line') },
  ...more,
});

/** Draws vertical or horizontal lines over a chart: [{ at, name, colour, dash }]. */
const lines = (marks, horizontal = false) => ({
  hooks: {
    draw: (chart) => {
      const { ctx, bbox } = chart;
      ctx.save();
      for (const mark of marks()) {
        const place = Math.round(chart.valToPos(mark.at, horizontal ? 'y' : 'x', true));
        ctx.strokeStyle = colour(mark.colour);
        ctx.fillStyle = colour(mark.colour);
        ctx.lineWidth = 2 * devicePixelRatio;
        ctx.setLineDash((mark.dash ?? []).map((length) => length * devicePixelRatio));
        ctx.beginPath();
        ctx.moveTo(...(horizontal ? [bbox.left, place] : [place, bbox.top]));
        ctx.lineTo(...(horizontal ? [bbox.left + bbox.width, place] : [place, bbox.top + bbox.height]));
        ctx.stroke();
        if (mark.name) {
          ctx.font = `${12 * devicePixelRatio}px system-ui, sans-serif`;
          const right = !horizontal && place > bbox.left + bbox.width / 2;
          ctx.textAlign = right ? 'right' : 'left';
          const gap = 4 * devicePixelRatio;
          ctx.fillText(mark.name, horizontal ? bbox.left + gap : place + (right ? -gap : gap),
            horizontal ? place - gap : bbox.top + (mark.row ?? 1) * 14 * devicePixelRatio);
        }
      }
      ctx.restore();
    },
  },
});

/** A chart in a container: call it with data to draw it. */
function chart(container, options) {
  let drawn = null;
  let data = null;
  const make = () => {
    drawn?.destroy();
    const { width, height } = container.getBoundingClientRect();
    drawn = width > 0 && data
      ? new uPlot({ width, height, legend: { show: false }, cursor: { show: false }, ...options() }, data, container)
      : null;
  };
  new ResizeObserver(([{ contentRect: { width, height } }]) => {
    if (width > 0 && (!drawn || drawn.width !== Math.floor(width))) {
      make();
    } else if (drawn) {
      drawn.setSize({ width, height });
    }
  }).observe(container);
  matchMedia('(prefers-color-scheme: dark)').addEventListener('change', make);
  return (newData, anew = false) => {
    data = newData;
    if (drawn && !anew) {
      drawn.setData(data);
    } else {
      make();
    }
  };
}

/** What clean images score, and where one image lies among them. */
export function histogram(container) {
  let marks = [];
  let range = [0, 1];
  const draw = chart(container, () => ({
    scales: { x: { time: false, range: () => range } },
    axes: [axis({}), axis({ size: 46, label: 'clean images', labelSize: 18 })],
    series: [{}, { fill: colour('line'), stroke: colour('soft'), width: 1, points: { show: false }, paths: uPlot.paths.bars({ size: [1] }) }],
    plugins: [lines(() => marks)],
  }));
  return ({ histogram: { from, to, counts }, threshold, score }) => {
    const width = (to - from) / counts.length || 1;
    range = [Math.min(from, score) - width, Math.max(to, score, threshold ?? to) + width];
    marks = [{ at: score, name: 'this image', colour: 'ink', row: 1 }];
    if (threshold != null) {
      marks.push({ at: threshold, name: 'threshold', colour: 'flagged', dash: [6, 4], row: 2 });
    }
    draw([counts.map((_, i) => from + (i + 0.5) * width), counts], true);
  };
}

/** p-values over time, on a logarithmic axis: what lies low is suspicious. */
export function timeline(container) {
  let rate = 0.01;
  const points = (name, size) => ({
    stroke: colour(name), paths: () => null, points: { show: true, size, fill: colour(name), stroke: colour(name) },
  });
  const draw = chart(container, () => ({
    scales: { y: { distr: 3, range: [5e-5, 1.2] } },
    axes: [axis({}), axis({ size: 60, label: 'p-value', labelSize: 18, values: (_, ticks) => ticks.map((tick) => (Number.isInteger(Math.log10(tick)) ? String(tick) : '')) })],
    series: [{}, points('accepted', 5), points('flagged', 8)],
    plugins: [lines(() => [{ at: rate, name: 'false-positive rate', colour: 'flagged', dash: [6, 4] }], true)],
  }));
  return (decisions) => {
    rate = decisions.at(-1)?.falsePositiveRate ?? rate;
    draw([
      decisions.map((decision) => decision.atMillis / 1000),
      decisions.map((decision) => (decision.flagged ? null : decision.pValue)),
      decisions.map((decision) => (decision.flagged ? decision.pValue : null)),
    ]);
  };
}

/** Share of decisions that would be flagged at each rate, beside what clean images would give. */
export function shares(container) {
  const RATES = Array.from({ length: 71 }, (_, i) => 10 ** (-4 + i * 0.05));
  let rate = 0.01;
  const logarithmic = (ticks) => ticks.map((tick) => (Number.isInteger(Math.round(Math.log10(tick) * 1e6) / 1e6) ? `${100 * tick} %` : ''));
  const draw = chart(container, () => ({
    scales: { x: { time: false, distr: 3, range: [1e-4, 10 ** -0.5] }, y: { distr: 3, range: [5e-5, 1.2] } },
    axes: [
      axis({ label: 'false-positive rate', labelSize: 18, values: (_, ticks) => logarithmic(ticks) }),
      axis({ size: 64, label: 'flagged', labelSize: 18, values: (_, ticks) => logarithmic(ticks) }),
    ],
    series: [
      {},
      { stroke: colour('accent'), width: 2, points: { show: false } },
      { stroke: colour('soft'), width: 1, dash: [6, 4], points: { show: false } },
    ],
    plugins: [lines(() => [{ at: rate, colour: 'flagged', dash: [6, 4] }])],
  }));
  return (pValues, chosenRate) => {
    rate = chosenRate;
    const flagged = RATES.map((r) => pValues.filter((p) => p <= r).length / pValues.length || null);
    draw([RATES, flagged, RATES]);
  };
}
