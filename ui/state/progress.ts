/** Work in several steps that the status bar shows. */
import { signal } from '@preact/signals';

export interface Progress {
  readonly label: string;
  readonly done: number;
  readonly total: number;
}

export const progress = signal<Progress | null>(null);
