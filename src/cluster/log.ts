import type { LogFields, LogLevel } from '#base'

/** Writes a log line to standard error: time, level, sentence, fields. */
export function writeLogLine(level: LogLevel, message: string, fields: LogFields): void {
  const facts = Object.entries(fields).map(([name, value]) => `${name}=${formatField(value)}`)
  process.stderr.write([new Date().toISOString(), level, JSON.stringify(message), ...facts].join(' ') + '\n')
}

function formatField(value: unknown): string {
  if (value instanceof Error) return JSON.stringify(value.stack ?? value.message)
  return JSON.stringify(value) ?? 'undefined'
}
