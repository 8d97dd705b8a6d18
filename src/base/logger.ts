/** Facts of a log line, by name: `pod`, `node`, `revision`. */
export interface LogFields {
  readonly [name: string]: unknown
}

/**
 * Structured log. The message is a constant sentence; what varies goes into fields. `debug` is for those who follow a
 * component's steps, `warn` for what heals by itself, `error` for what needs a person.
 */
export interface Logger {
  debug(message: string, fields?: LogFields): void
  info(message: string, fields?: LogFields): void
  warn(message: string, fields?: LogFields): void
  error(message: string, fields?: LogFields): void
  /** The same log with these fields on every line. */
  with(fields: LogFields): Logger
}

export type LogLevel = 'debug' | 'info' | 'warn' | 'error'

const ranks: { readonly [level in LogLevel]: number } = { debug: 0, info: 1, warn: 2, error: 3 }

/** How much is logged; whoever may change it while the program runs has this. */
export interface Verbosity {
  level: LogLevel
}

/** A logger that hands every line at or above `level` to `write`. */
export function createLogger(
  level: LogLevel | Verbosity,
  write: (level: LogLevel, message: string, fields: LogFields) => void,
  fields: LogFields = {},
): Logger {
  const at =
    (line: LogLevel) =>
    (message: string, own?: LogFields): void => {
      if (ranks[line] >= ranks[typeof level === 'string' ? level : level.level])
        write(line, message, own ? { ...fields, ...own } : fields)
    }
  return {
    debug: at('debug'),
    info: at('info'),
    warn: at('warn'),
    error: at('error'),
    with: (more) => createLogger(level, write, { ...fields, ...more }),
  }
}

/** A logger that says nothing. */
export const silentLogger: Logger = createLogger('error', () => {})
