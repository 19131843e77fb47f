/** Waiting with a bound. */

/**
 * Waits for `work`, at most `limitMs`; true when it ended in time. Work that fails in time rejects with its error; work
 * that is late goes on unobserved by this caller.
 */
export async function endsWithin(work: Promise<unknown>, limitMs: number): Promise<boolean> {
  let bound: NodeJS.Timeout | undefined;
  const late = new Promise<boolean>((resolve) => {
    bound = setTimeout(resolve, limitMs, false);
  });
  try {
    return await Promise.race([work.then(() => true), late]);
  } finally {
    clearTimeout(bound);
  }
}
