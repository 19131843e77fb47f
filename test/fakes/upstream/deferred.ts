/** A promise together with the function that resolves it. */
export interface Deferred<T> {
  readonly promise: Promise<T>;
  readonly resolve: (value: T) => void;
}

export function deferred<T>(): Deferred<T> {
  let settle: (value: T) => void = () => undefined;
  const promise = new Promise<T>((resolve) => {
    settle = resolve;
  });
  return { promise, resolve: settle };
}

/** Something that happens once and carries no value. */
export interface OneShot {
  readonly promise: Promise<undefined>;
  readonly fire: () => void;
}

export function oneShot(): OneShot {
  const { promise, resolve } = deferred<undefined>();
  return { promise, fire: () => resolve(undefined) };
}
