/** Keeps a crash inside one page or dialog: the frame around it stays alive (spec/ui.md 13). */
import { Component, type ComponentChildren } from 'preact';
import { crashText } from '../../strings';
import { CopyButton } from '../copy-button/copy-button';

interface Props {
  readonly name: string;
  readonly children: ComponentChildren;
}

interface State {
  readonly error: Error | null;
}

export class Boundary extends Component<Props, State> {
  override state: State = { error: null };

  static override getDerivedStateFromError(error: unknown): State {
    return { error: error instanceof Error ? error : new Error(String(error)) };
  }

  override render() {
    const { error } = this.state;
    if (error === null) return this.props.children;
    return (
      <div class="empty" role="alert">
        <h2>{crashText.title(this.props.name)}</h2>
        <p class="mono">{error.message}</p>
        <div class="row">
          <button type="button" class="button primary" onClick={() => this.setState({ error: null })}>
            {crashText.again}
          </button>
          <button type="button" class="button" onClick={() => location.reload()}>
            {crashText.reload}
          </button>
          <CopyButton wide label={crashText.copy} text={`${error.stack ?? error.message}\n${navigator.userAgent}`} />
        </div>
      </div>
    );
  }
}
