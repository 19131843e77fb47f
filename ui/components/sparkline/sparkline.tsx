/** A small line without axes; the words and numbers stand beside it. */
import { linePath } from './line-path';

interface Props {
  readonly values: readonly (number | null)[];
  readonly width?: number;
  readonly height?: number;
  readonly color?: string;
  readonly max?: number;
  readonly label: string;
}

export function Sparkline({ values, width = 96, height = 22, color = 'var(--accent-fill)', max, label }: Props) {
  return (
    <svg
      class="sparkline"
      width={width}
      height={height}
      viewBox={`0 0 ${width} ${height}`}
      role="img"
      aria-label={label}
      preserveAspectRatio="none"
    >
      <path
        d={linePath(values, width, height, max)}
        fill="none"
        stroke={color}
        stroke-width="1.4"
        stroke-linejoin="round"
      />
    </svg>
  );
}
