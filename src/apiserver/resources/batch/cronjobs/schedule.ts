import { DurationError, parseDuration, quote } from '#machinery'
import { isKnownTimeZone } from './time-zone.ts'

interface Bounds {
  readonly min: number
  readonly max: number
  readonly names: readonly string[]
}

const months = ['jan', 'feb', 'mar', 'apr', 'may', 'jun', 'jul', 'aug', 'sep', 'oct', 'nov', 'dec']
const days = ['sun', 'mon', 'tue', 'wed', 'thu', 'fri', 'sat']

const fieldBounds: readonly Bounds[] = [
  { min: 0, max: 59, names: [] },
  { min: 0, max: 23, names: [] },
  { min: 1, max: 31, names: [] },
  { min: 1, max: 12, names: months },
  { min: 0, max: 6, names: days },
]

const descriptors = new Set(['@yearly', '@annually', '@monthly', '@weekly', '@daily', '@midnight', '@hourly'])

class ScheduleError extends Error {
  override readonly name = 'ScheduleError'
}

/** Why a text is no cron schedule of five fields or descriptor, in the API's words; `undefined` when it is one. */
export function scheduleProblem(text: string): string | undefined {
  try {
    check(text)
    return undefined
  } catch (error) {
    if (error instanceof ScheduleError) return error.message
    throw error
  }
}

function check(text: string): void {
  const schedule = withoutTimeZone(text)
  if (schedule.startsWith('@')) {
    checkDescriptor(schedule)
    return
  }
  const fields = schedule.split(/\s+/).filter((field) => field !== '')
  if (fields.length !== fieldBounds.length)
    throw new ScheduleError(`expected exactly 5 fields, found ${fields.length}: [${fields.join(' ')}]`)
  for (const [index, bounds] of fieldBounds.entries()) {
    for (const expression of (fields[index] ?? '').split(',')) if (expression !== '') checkRange(expression, bounds)
  }
}

function withoutTimeZone(text: string): string {
  if (!text.startsWith('TZ=') && !text.startsWith('CRON_TZ=')) return text
  const space = text.indexOf(' ')
  if (space < 0) throw new ScheduleError('invalid schedule format: runtime error: slice bounds out of range [:-1]')
  const zone = text.slice(text.indexOf('=') + 1, space)
  if (!isKnownTimeZone(zone)) throw new ScheduleError(`provided bad location ${zone}: unknown time zone ${zone}`)
  return text.slice(space).trim()
}

function checkDescriptor(text: string): void {
  if (descriptors.has(text)) return
  if (!text.startsWith('@every ')) throw new ScheduleError(`unrecognized descriptor: ${text}`)
  try {
    parseDuration(text.slice('@every '.length))
  } catch (error) {
    if (error instanceof DurationError)
      throw new ScheduleError(`failed to parse duration ${text}: ${error.message}`, { cause: error })
    throw error
  }
}

function checkRange(expression: string, bounds: Bounds): void {
  const [range = '', step, ...moreSteps] = expression.split('/')
  const [low = '', high, ...moreLimits] = range.split('-')
  const any = low === '*' || low === '?'
  const start = any ? bounds.min : numberOf(low, bounds)
  let end = start
  if (any) end = bounds.max
  else if (high !== undefined) {
    if (moreLimits.length > 0) throw new ScheduleError(`too many hyphens: ${expression}`)
    end = numberOf(high, bounds)
  }
  if (moreSteps.length > 0) throw new ScheduleError(`too many slashes: ${expression}`)
  const width = step === undefined ? 1 : integerOf(step)
  if (step !== undefined && high === undefined) end = bounds.max
  if (start < bounds.min)
    throw new ScheduleError(`beginning of range (${start}) below minimum (${bounds.min}): ${expression}`)
  if (end > bounds.max) throw new ScheduleError(`end of range (${end}) above maximum (${bounds.max}): ${expression}`)
  if (start > end) throw new ScheduleError(`beginning of range (${start}) beyond end of range (${end}): ${expression}`)
  if (width === 0) throw new ScheduleError(`step of range should be a positive number: ${expression}`)
}

function numberOf(text: string, { names, min }: Bounds): number {
  const index = names.indexOf(text.toLowerCase())
  return index < 0 ? integerOf(text) : index + min
}

function integerOf(text: string): number {
  if (!/^[+-]?\d+$/.test(text))
    throw new ScheduleError(`failed to parse int from ${text}: strconv.Atoi: parsing ${quote(text)}: invalid syntax`)
  if (BigInt.asIntN(64, BigInt(text.replace('+', ''))) !== BigInt(text.replace('+', '')))
    throw new ScheduleError(
      `failed to parse int from ${text}: strconv.Atoi: parsing ${quote(text)}: value out of range`,
    )
  const value = Number(text)
  if (value < 0) throw new ScheduleError(`negative number (${value}) not allowed: ${text}`)
  return value
}
