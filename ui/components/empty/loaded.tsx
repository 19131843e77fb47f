/** A resource on the screen: skeleton, failure, or its value; keeps the old value when a later reading fails. */
import type { ComponentChildren } from 'preact';
import { useFresh } from '../../state/freshness';
import type { Resource } from '../../state/resource';
import { Failure, Skeleton } from './empty';

interface Props<T> {
  readonly of: Resource<T>;
  readonly lines?: number;
  readonly children: (value: T) => ComponentChildren;
}

export function Loaded<T>({ of, lines = 3, children }: Props<T>) {
  useFresh(of);
  const value = of.data.value;
  if (value !== null) return <>{children(value)}</>;
  const error = of.error.value;
  if (error !== null) return <Failure error={error} retry={() => void of.refresh()} />;
  return <Skeleton lines={lines} />;
}
