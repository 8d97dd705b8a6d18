import {
  closeSync,
  fstatSync,
  mkdirSync,
  openSync,
  renameSync,
  rmdirSync,
  statSync,
  unlinkSync,
  writeSync,
} from 'node:fs'
import { dirname } from 'node:path'
import { createLogger } from '#base'
import type { LogFields, Logger, LogLevel, Verbosity } from '#base'

/** Bytes after which a log is moved aside when it is opened. */
const longestLog = 10 * 1024 * 1024

/** Takes what a logger writes. */
export type LogWriter = (level: LogLevel, message: string, fields: LogFields) => void

/** What a program that runs by itself says on standard error. */
export interface LogSettings {
  readonly logLevel: LogLevel
  /** Lines are text when absent: time, level, sentence, fields. */
  readonly logFormat?: 'text' | 'json'
}

/** Of the process: all its logs say equally much. */
const verbosity: Verbosity = { level: 'info' }

/** How much the process logs from now on, by the number that `--v` takes. */
export function setVerbosity(v: number): void {
  verbosity.level = v >= 4 ? 'debug' : 'info'
}

/** A log of the process, which begins with this level. */
export function processLogger(level: LogLevel, write: LogWriter, fields: LogFields): Logger {
  verbosity.level = level
  return createLogger(verbosity, write, fields)
}

/** A log on standard error. @param fields that every line has. */
export const standardLogger = ({ logLevel, logFormat = 'text' }: LogSettings, fields: LogFields = {}): Logger =>
  processLogger(logLevel, writeTo(logFormat === 'json' ? formatJsonLine : formatLogLine), fields)

const writeTo =
  (format: (level: LogLevel, message: string, fields: LogFields) => string): LogWriter =>
  (level, message, fields) => {
    process.stderr.write(format(level, message, fields))
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

/**
 * Writes log lines to a file. A disk that is full costs lines, nothing else. A log without a line goes again when it is
 * closed, with the folders that were made for it.
 */
export function fileLog(file: string): { readonly write: LogWriter; close(): void } {
  const made = mkdirSync(dirname(file), { recursive: true, mode: 0o700 })
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
      if (descriptor === undefined) return
      const isEmpty = fstatSync(descriptor).size === 0
      closeSync(descriptor)
      descriptor = undefined
      if (isEmpty) removeEmpty(file, made)
    },
  }
}

/** @param made the first of the folders above it that go too, if they have nothing else. */
function removeEmpty(file: string, made: string | undefined): void {
  try {
    unlinkSync(file)
    if (made === undefined) return
    for (let folder = dirname(file); folder.startsWith(made); folder = dirname(folder)) rmdirSync(folder)
  } catch {
    // Others have something there.
  }
}

function formatLogLine(level: LogLevel, message: string, fields: LogFields): string {
  const facts = Object.entries(fields).map(([name, value]) => `${name}=${formatField(value)}`)
  return [new Date().toISOString(), level, JSON.stringify(message), ...facts].join(' ') + '\n'
}

/** As upstream's components write JSON: `v` on what is no error, and the reason of errors as `err`. */
function formatJsonLine(level: LogLevel, message: string, { error, ...fields }: LogFields): string {
  const v = level === 'error' ? {} : { v: level === 'debug' ? 4 : 0 }
  const line = { ts: Date.now(), msg: message, ...v, ...(error === undefined ? {} : { err: error }), ...fields }
  return `${JSON.stringify(line, (_, value: unknown) => (value instanceof Error ? formatError(value) : value))}\n`
}

function formatField(value: unknown): string {
  if (value instanceof Error) return JSON.stringify(formatError(value))
  return JSON.stringify(value) ?? 'undefined'
}

/** Mistakes of the program show where they are; what the API server or the system refuses is one line. */
function formatError(error: Error): string {
  const isMistake = [TypeError, RangeError, ReferenceError, SyntaxError].some((kind) => error instanceof kind)
  return isMistake && error.stack !== undefined ? error.stack : `${error.name}: ${error.message}`
}
