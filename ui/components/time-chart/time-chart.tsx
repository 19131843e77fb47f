/** Lines or stacked bars over time (uPlot), and the same numbers as a table for those who do not see them. */
import { useEffect, useRef, useState } from 'preact/hooks';
import uPlot from 'uplot';
import 'uplot/dist/uPlot.min.css';
import { formatFull } from '../../format/time';
import { chartText } from '../../strings';
import { theme } from '../../state/theme';
import './time-chart.css';

export interface Series {
  readonly name: string;
  /** CSS variable of its colour, such as `--series-1`. */
  readonly color: string;
  readonly values: readonly (number | null)[];
}

interface Props {
  readonly label: string;
  /** UTC ms, rising. */
  readonly timesMs: readonly number[];
  readonly series: readonly Series[];
  readonly format: (value: number | null) => string;
  readonly height?: number;
  readonly max?: number;
  /** What the axis of time spans, UTC ms; left out = the values. */
  readonly span?: readonly [fromMs: number, toMs: number];
  readonly bars?: boolean;
}

/** A line of so few points is hard to see: they are dots too. */
const FEW_POINTS = 3;

export function TimeChart(props: Props) {
  const [asTable, setAsTable] = useState(false);
  return (
    <figure class="chart" aria-label={props.label}>
      <figcaption class="row wrap">
        <ul class="legend">
          {props.series.map(({ name, color }) => (
            <li key={name}>
              <span class="legend-mark" style={{ background: `var(${color})` }} />
              {name}
            </li>
          ))}
        </ul>
        <span class="spacer" />
        <button type="button" class="button quiet" aria-pressed={asTable} onClick={() => setAsTable(!asTable)}>
          {asTable ? chartText.asChart : chartText.asTable}
        </button>
      </figcaption>
      {asTable ? <ChartTable {...props} /> : <Plot {...props} />}
    </figure>
  );
}

function Plot({ label, timesMs, series, format, height = 160, max, span, bars = false }: Props) {
  const box = useRef<HTMLDivElement>(null);
  const shade = theme.value;
  useEffect(() => {
    const host = box.current;
    if (host === null) return undefined;
    const plot = new uPlot(
      plotOptions({ series, format, height, max, span, bars, host }),
      [timesMs.map((ms) => ms / 1000), ...series.map(({ values }) => [...values])],
      host,
    );
    const watch = new ResizeObserver(() => plot.setSize({ width: host.clientWidth, height }));
    watch.observe(host);
    return () => {
      watch.disconnect();
      plot.destroy();
    };
  }, [timesMs, series, height, max, span, bars, shade, format]);
  return <div ref={box} class="plot" role="img" aria-label={label} style={{ height: `${height}px` }} />;
}

interface PlotParts extends Pick<Props, 'series' | 'format'> {
  readonly height: number;
  readonly max: number | undefined;
  readonly span: Props['span'];
  readonly bars: boolean;
  readonly host: HTMLElement;
}

function plotOptions({ series, format, height, max, span, bars, host }: PlotParts): uPlot.Options {
  const style = getComputedStyle(host);
  const ink = resolved(host, '--text-2');
  const grid = resolved(host, '--border');
  const font = `11px ${style.fontFamily}`;
  const axis = { stroke: ink, font, grid: { stroke: grid, width: 1 }, ticks: { stroke: grid, width: 1, size: 4 } };
  const paths = bars ? uPlot.paths.bars?.({ size: [0.7, 40] }) : undefined;
  return {
    width: Math.max(80, host.clientWidth),
    height,
    legend: { show: false },
    cursor: { points: { size: 5 }, drag: { x: false, y: false } },
    scales: {
      ...(span === undefined ? {} : { x: { range: () => [span[0] / 1000, span[1] / 1000] as uPlot.Range.MinMax } }),
      y: { range: (_plot, _low, high) => [0, max ?? (high > 0 ? high * 1.08 : 1)] },
    },
    axes: [{ ...axis }, { ...axis, size: 58, values: (_plot, ticks) => ticks.map((tick) => format(tick)) }],
    series: [
      {},
      ...series.map(({ name, color, values }) => ({
        label: name,
        stroke: resolved(host, color),
        width: bars ? 0 : 1.6,
        fill: bars ? resolved(host, color) : undefined,
        points: { show: values.length <= FEW_POINTS, size: 5 },
        spanGaps: false,
        ...(paths === undefined ? {} : { paths }),
      })),
    ] as uPlot.Series[],
  };
}

/** Canvas cannot read `light-dark()`: an element resolves it. */
function resolved(host: HTMLElement, variable: string): string {
  const probe = document.createElement('span');
  probe.style.color = `var(${variable})`;
  host.append(probe);
  const { color } = getComputedStyle(probe);
  probe.remove();
  return color;
}

function ChartTable({ label, timesMs, series, format }: Props) {
  return (
    <div class="chart-table" tabIndex={0} role="region" aria-label={label}>
      <table>
        <thead>
          <tr>
            <th scope="col">{chartText.time}</th>
            {series.map(({ name }) => (
              <th key={name} scope="col">
                {name}
              </th>
            ))}
          </tr>
        </thead>
        <tbody>
          {timesMs.map((atMs, index) => (
            <tr key={atMs}>
              <th scope="row">{formatFull(atMs)}</th>
              {series.map(({ name, values }) => (
                <td key={name}>{format(values[index] ?? null)}</td>
              ))}
            </tr>
          ))}
        </tbody>
      </table>
    </div>
  );
}
