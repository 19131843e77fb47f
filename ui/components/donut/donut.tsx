/** A ring of shares with one number in its middle; the legend beside it carries the same numbers as text. */
import type { ComponentChildren } from 'preact';
import './donut.css';

export interface Segment {
  readonly key: string;
  /** Any unit; the ring is the sum. */
  readonly value: number;
  /** CSS colour. */
  readonly color: string;
  readonly title: string;
}

interface Props {
  readonly segments: readonly Segment[];
  /** What the whole ring stands for; the rest is grey. */
  readonly whole: number;
  readonly label: string;
  readonly children: ComponentChildren;
}

const RADIUS = 40;
const AROUND = 2 * Math.PI * RADIUS;
/** Between two segments, in units of the drawing. */
const GAP = 1.2;

export function Donut({ segments, whole, label, children }: Props) {
  let turned = 0;
  return (
    <div class="donut">
      <svg viewBox="0 0 100 100" role="img" aria-label={label}>
        <circle cx="50" cy="50" r={RADIUS} class="donut-rest" />
        {segments.map(({ key, value, color, title }) => {
          const length = whole <= 0 ? 0 : (value / whole) * AROUND;
          const offset = turned;
          turned += length;
          return (
            <circle
              key={key}
              cx="50"
              cy="50"
              r={RADIUS}
              stroke={color}
              stroke-dasharray={`${Math.max(0, length - GAP)} ${AROUND}`}
              stroke-dashoffset={-offset}
            >
              <title>{title}</title>
            </circle>
          );
        })}
      </svg>
      <div class="donut-middle">{children}</div>
    </div>
  );
}
