import { quote } from '#machinery'
import { RE2JS } from 're2js'
import { Refused } from '../exchange.ts'

/** What is asked of a node's logs (KEP-2258). */
export interface NodeLogQuery {
  readonly services: readonly string[]
  readonly files: readonly string[]
  readonly sinceTime?: Date
  readonly untilTime?: Date
  /** Lines from the end, of services only. */
  readonly tailLines?: number
  /** 0 is this boot, -1 the one before. */
  readonly boot?: number
  /** A regular expression of lines. */
  readonly pattern?: string
}

const mostLines = 100_000
const mostServices = 4
const longestService = 256
const rfc3339 = /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(?:\.\d+)?(?:Z|[+-]\d\d:\d\d)$/

/** @throws Refused, 400, for what can't be read. */
export function parseNodeLogQuery(query: URLSearchParams): NodeLogQuery {
  const errors: string[] = []
  const asked = query.getAll('query')
  // A slash hints at a file; names of files without one are found by the names of services.
  const files = asked.filter((name) => /[/\\]/.test(name))
  const services = asked.filter((name) => !/[/\\]/.test(name) && name.trim() !== '')
  if (asked.length > 0 && files.length + services.length === 0) {
    errors.push(invalid('query', JSON.stringify(asked), 'query cannot be empty'))
  }
  const time = (name: string): Date | undefined => {
    const text = query.get(name) ?? ''
    const at = new Date(text)
    if (text === '') return undefined
    if (rfc3339.test(text) && !Number.isNaN(at.getTime())) return at
    errors.push(invalid(name, quote(text), 'invalid time format'))
    return undefined
  }
  const whole = (name: string): number | undefined => {
    const text = query.get(name) ?? ''
    if (text === '') return undefined
    if (/^[+-]?\d+$/.test(text)) return Number(text)
    errors.push(invalid(name, quote(text), `strconv.Atoi: parsing ${quote(text)}: invalid syntax`))
    return undefined
  }
  const [sinceTime, untilTime] = [time('sinceTime'), time('untilTime')]
  const [boot, tailLines] = [whole('boot'), whole('tailLines')]
  const pattern = query.get('pattern') ?? ''
  if (errors.length > 0) throw new Refused(400, `${together(errors)}\n`)
  return {
    services,
    files,
    ...(sinceTime === undefined ? {} : { sinceTime }),
    ...(untilTime === undefined ? {} : { untilTime }),
    ...(tailLines === undefined ? {} : { tailLines }),
    ...(boot === undefined ? {} : { boot }),
    ...(pattern === '' ? {} : { pattern }),
  }
}

/** Whether anything but names is asked. */
export const hasOptions = ({ sinceTime, untilTime, tailLines, boot, pattern }: NodeLogQuery): boolean =>
  [sinceTime, untilTime, tailLines, boot, pattern].some((option) => option !== undefined)

/** @throws Refused, 406, for what can't be answered. */
export function checkNodeLogQuery(query: NodeLogQuery): void {
  const { services, files, sinceTime, untilTime, tailLines, boot, pattern } = query
  const errors: string[] = []
  for (const name of services) {
    if (name.length > longestService) {
      errors.push(invalid('query', quote(name), `length must be less than ${longestService}`))
    } else if (/[^a-zA-Z\-_.:0-9@]/.test(name)) {
      errors.push(invalid('query', quote(name), 'input contains unsupported characters'))
    }
  }
  if (services.length > mostServices) {
    errors.push(`query: Too many: ${services.length}: must have at most ${mostServices} items`)
  }
  if (files.length + services.length === 0 && hasOptions(query)) {
    errors.push('query: Required value: cannot be empty with options')
  } else if (files.length > 0 && services.length > 0) {
    const both = quote(`[${files.join(' ')}], [${services.join(' ')}]`)
    errors.push(invalid('query', both, 'cannot specify a file and service'))
  } else if (files.length > 1) {
    errors.push(invalid('query', JSON.stringify(files), 'cannot specify more than one file'))
  } else if (files.length === 1 && hasOptions(query)) {
    errors.push(invalid('query', JSON.stringify(files), 'cannot specify file with options'))
  }
  if (sinceTime && untilTime && sinceTime > untilTime) {
    errors.push(invalid('untilTime', quote(untilTime.toISOString()), 'must be after `sinceTime`'))
  }
  if (boot !== undefined && boot > 0) errors.push(invalid('boot', `${boot}`, 'must be less than 1'))
  if (tailLines !== undefined && (tailLines < 0 || tailLines > mostLines)) {
    errors.push(invalid('tailLines', `${tailLines}`, `must be between 0 and ${mostLines}, inclusive`))
  }
  try {
    if (pattern !== undefined) RE2JS.compile(pattern)
  } catch (error) {
    errors.push(invalid('pattern', quote(pattern ?? ''), (error as Error).message))
  }
  if (errors.length > 0) throw new Refused(406, `${together(errors)}\n`)
}

const invalid = (field: string, value: string, why: string): string => `${field}: Invalid value: ${value}: ${why}`

const together = (errors: readonly string[]): string =>
  errors.length === 1 ? (errors[0] ?? '') : `[${errors.join(', ')}]`
