/** Facts as name and value, for details and drawers. Values can be selected and copied. */
import type { ComponentChildren } from 'preact';
import { UNKNOWN } from '../../format/number';
import './key-values.css';

export type Fact = readonly [name: string, value: ComponentChildren, title?: string];

/** `null`, `undefined` and `''` are shown as unknown. */
export function KeyValues({ facts }: { readonly facts: readonly Fact[] }) {
  return (
    <dl class="facts">
      {facts.map(([name, value, title]) => (
        <div key={name}>
          <dt>{name}</dt>
          <dd title={title}>{value === null || value === undefined || value === '' ? UNKNOWN : value}</dd>
        </div>
      ))}
    </dl>
  );
}
