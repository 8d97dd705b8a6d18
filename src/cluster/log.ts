import { closeSync, mkdirSync, openSync, renameSync, statSync, writeSync } from 'node:fs'
import { dirname } from 'node:path'
import type { LogFields, LogLevel } from '#base'

/** Bytes after which a log is moved aside when it is opened. */
const longestLog = 10 * 1024 * 1024

/** Takes what a logger writes. */
export type LogWriter = (level: LogLevel, message: string, fields: LogFields) => void

/** Writes a log line to standard error: time, level, sentence, fields. */
export const writeLogLine: LogWriter = (level, message, fields) => {
  process.stderr.write(formatLogLine(level, message, fields))
}

/** Opens a log to append to. One that has grown long is moved aside, in place of the one before it. */
export function openLog(file: string): number {
  mkdirSync(dirname(file), { recursive: true, mode: 0o700 })
  try {
    if (statSync(file).size > longestLog) renameSync(file, `${file}.1`)
  } catch {
    // There is none yet.
  }
  return openSync(file, 'a', 0o600)
}

/** Writes log lines to a file. A disk that is full costs lines, nothing else. */
export function fileLog(file: string): { readonly write: LogWriter; close(): void } {
  let descriptor: number | undefined = openLog(file)
  return {
    write(level, message, fields) {
      if (descriptor === undefined) return
      try {
        writeSync(descriptor, formatLogLine(level, message, fields))
      } catch {
        // The line is lost.
      }
    },
    close() {
      if (descriptor !== undefined) closeSync(descriptor)
      descriptor = undefined
    },
  }
}

function formatLogLine(level: LogLevel, message: string, fields: LogFields): string {
  const facts = Object.entries(fields).map(([name, value]) => `${name}=${formatField(value)}`)
  return [new Date().toISOString(), level, JSON.stringify(message), ...facts].join(' ') + '\n'
}

function formatField(value: unknown): string {
  if (value instanceof Error) return JSON.stringify(value.stack ?? value.message)
  return JSON.stringify(value) ?? 'undefined'
}
