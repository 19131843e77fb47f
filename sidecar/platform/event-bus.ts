/** Tells other parts of the process that something happened. Nothing is stored and nobody waits. */

/** A bus for events of one type (usually a union that is told apart by `type`). */
export interface EventBus<Event> {
  /** Calls every listener, in the order of their coming, before it returns. */
  emit(event: Event): void;
  /** Adds a listener; the returned function takes it away again. A listener may do so while it is called. */
  on(listener: (event: Event) => void): () => void;
}

/**
 * Creates a bus.
 * @param onFailure gets what a listener throws. Without it the first failure is thrown to the emitter, after every
 * listener was called.
 */
export function createEventBus<Event>(onFailure?: (error: unknown, event: Event) => void): EventBus<Event> {
  const listeners = new Set<(event: Event) => void>();
  return {
    emit(event) {
      const failures: unknown[] = [];
      for (const listener of [...listeners]) {
        try {
          listener(event);
        } catch (error) {
          if (onFailure === undefined) failures.push(error);
          else onFailure(error, event);
        }
      }
      if (failures.length > 0) throw failures[0];
    },
    on(listener) {
      // A wrapper of its own, so that a function added twice is called twice, and each removal removes one of them.
      const own = (event: Event): void => {
        listener(event);
      };
      listeners.add(own);
      return () => {
        listeners.delete(own);
      };
    },
  };
}
