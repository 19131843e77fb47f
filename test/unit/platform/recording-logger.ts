/** A logger that keeps its lines, for tests. */
import type { Logger } from '../../../sidecar/platform/logger';

/** One line. */
export interface RecordedLine {
  readonly level: string;
  readonly event: string;
  readonly facts: Record<string, unknown>;
}

/** A logger and what was written to it. */
export interface RecordingLogger extends Logger {
  readonly lines: RecordedLine[];
}

/** Creates one. */
export function recordingLogger(): RecordingLogger {
  const lines: RecordedLine[] = [];
  const keep =
    (level: string) =>
    (event: string, facts: Record<string, unknown> = {}) => {
      lines.push({ level, event, facts });
    };
  const logger: RecordingLogger = {
    lines,
    debug: keep('debug'),
    info: keep('info'),
    warn: keep('warn'),
    error: keep('error'),
    child: () => logger,
    isDebug: () => true,
    close: () => Promise.resolve(),
  };
  return logger;
}
