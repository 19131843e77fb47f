/** Where commands write to and read from. Results go to stdout, everything said to a person about them to stderr. */

/** The streams of one run. */
export interface Terminal {
  /** One line, or several, to stdout. */
  out(text: string): void;
  /** One line, or several, to stderr. */
  error(text: string): void;
  readonly stdin: AsyncIterable<Buffer | string>;
}

/**
 * The terminal of this process. A reader that has gone (`tightrope status | head -1`, a closed parent) must not bring a
 * serving process down, so errors of the two streams are dropped: there is nobody left to tell.
 */
export function processTerminal(): Terminal {
  const { stdout, stderr } = process;
  for (const stream of [stdout, stderr]) stream.on('error', ignored);
  return {
    out: (text) => void stdout.write(`${text}\n`),
    error: (text) => void stderr.write(`${text}\n`),
    // Asked for only when it is read: some service managers close it.
    get stdin() {
      return process.stdin;
    },
  };
}

function ignored(): void {
  // See processTerminal.
}

/** Rows as lines whose columns stand below each other; empty columns at the end leave no blanks. */
export function alignedLines(rows: readonly (readonly string[])[]): string[] {
  const columns = Math.max(0, ...rows.map((row) => row.length));
  const widths = Array.from({ length: columns }, (_, column) =>
    Math.max(...rows.map((row) => row[column]?.length ?? 0)),
  );
  return rows.map((row) =>
    row
      .map((cell, column) => cell.padEnd(widths[column] ?? 0))
      .join('  ')
      .trimEnd(),
  );
}
