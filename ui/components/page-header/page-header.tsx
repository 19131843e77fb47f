/** The head of a page: where one is, and what can be done here. */
import type { ComponentChildren } from 'preact';
import './page-header.css';

interface Props {
  readonly eyebrow: string;
  readonly title: string;
  readonly children?: ComponentChildren;
}

export function PageHeader({ eyebrow, title, children }: Props) {
  return (
    <header class="page-header">
      <div>
        <p class="eyebrow">{eyebrow}</p>
        <h1>{title}</h1>
      </div>
      <div class="row wrap page-actions">{children}</div>
    </header>
  );
}
