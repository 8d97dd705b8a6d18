import { durationMillis, formatDuration, parseCIDR, parseIP } from '#machinery'
import type { Flag } from './flag.ts'

/** A text. */
export const text = (fallback: string, help: string, value = 'string'): Flag<string> => ({
  default: fallback,
  help,
  value,
  parse: (given) => given,
})

/** A text that may be absent. */
export const optional = (help: string, value = 'string'): Flag<string | undefined> => ({
  default: undefined,
  help,
  value,
  parse: (given) => given,
})

/** A path that may be absent. An empty one is what a script got from a variable that is not set. */
export const path = (help: string, value: 'file' | 'folder'): Flag<string | undefined> => ({
  ...optional(help, value),
  parse(given) {
    if (given === '') throw new Error(`it is empty, must be a ${value}`)
    return given
  },
})

/** A text of flags that are upstream's, where an empty text says that there is none. */
export const absentIfEmpty = (help: string, value?: string): Flag<string | undefined> => ({
  ...optional(help, value),
  parse: (given) => (given === '' ? undefined : given),
})

/** On or off; `--name` alone turns it on. */
export const toggle = (fallback: boolean, help: string): Flag<boolean> => ({
  default: fallback,
  help,
  value: '',
  parse(given) {
    if (/^(?:1|t|T|TRUE|true|True)$/.test(given)) return true
    if (/^(?:0|f|F|FALSE|false|False)$/.test(given)) return false
    throw new Error(`${JSON.stringify(given)} is neither true nor false`)
  },
})

export interface Bounds {
  readonly least?: number
  readonly most?: number
}

/** A whole number. */
export const integer = (fallback: number, help: string, { least, most }: Bounds = {}): Flag<number> => ({
  default: fallback,
  help,
  value: 'int',
  parse(given) {
    if (!/^[+-]?\d+$/.test(given)) throw new Error(`${JSON.stringify(given)} is no whole number`)
    const value = Number(given)
    if (least !== undefined && value < least) throw new Error(`it is ${value}, must be at least ${least}`)
    if (most !== undefined && value > most) throw new Error(`it is ${value}, must be at most ${most}`)
    return value
  },
})

export const port = (fallback: number, help: string): Flag<number> =>
  integer(fallback, help, { least: 0, most: 65_535 })

/** A number. */
export const decimal = (fallback: number, help: string): Flag<number> => ({
  default: fallback,
  help,
  value: 'float',
  parse(given) {
    const value = Number(given)
    if (given.trim() === '' || !Number.isFinite(value)) throw new Error(`${JSON.stringify(given)} is no number`)
    return value
  },
})

/** A duration as Go writes it (`1h30m`), in milliseconds. */
export const duration = (fallback: number, help: string): Flag<number> => ({
  default: fallback,
  help,
  value: 'duration',
  parse(given) {
    try {
      return durationMillis(given)
    } catch {
      throw new Error(`${JSON.stringify(given)} is no duration like 30s or 1h30m`)
    }
  },
  show: (ms) => formatDuration(Math.round(ms * 1_000_000)),
})

/** An IP address. */
export const address = (fallback: string, help: string): Flag<string> => ({
  default: fallback,
  help,
  value: 'ip',
  parse(given) {
    if (!parseIP(given)) throw new Error(`${JSON.stringify(given)} is no IP address`)
    return given
  },
})

/** Texts between commas; each mention of the flag adds to the list. */
export const list = (fallback: readonly string[], help: string): Flag<readonly string[]> => ({
  default: fallback,
  help,
  value: 'strings',
  parse: (given, previous = []) => [...previous, ...given.split(',').filter((item) => item !== '')],
})

/** Texts, one per mention of the flag. */
export const repeated = (help: string, value = 'string'): Flag<readonly string[]> => ({
  default: [],
  help,
  value,
  parse: (given, previous = []) => [...previous, given],
})

/** Address blocks between commas. */
export const blocks = (fallback: readonly string[], help: string): Flag<readonly string[]> => ({
  default: fallback,
  help,
  value: 'cidrs',
  parse(given) {
    const items = given.split(',').map((item) => item.trim())
    for (const item of items) {
      if (!parseCIDR(item)) throw new Error(`${JSON.stringify(item)} is no address block like 10.96.0.0/12`)
    }
    return items
  },
})

type Pairs = { readonly [name: string]: string }

/** `name=value` pairs between commas; each mention of the flag adds to the map. */
export const pairs = (help: string): Flag<Pairs> =>
  pairsBy('=', help, (pair) =>
    pair.indexOf('=') < 1 ? `${JSON.stringify(pair)} is no pair of the form name=value` : undefined,
  )

/** `name<value` pairs between commas; each mention of the flag adds to the map. */
export const bounds = (help: string): Flag<Pairs> =>
  pairsBy('<', help, (pair) => (pair.includes('<') ? undefined : 'malformed pair, expect string<string'))

function pairsBy(separator: string, help: string, faultOf: (pair: string) => string | undefined): Flag<Pairs> {
  return {
    default: {},
    help,
    value: `name${separator}value,...`,
    parse(given, previous = {}) {
      const map: { [name: string]: string } = { ...previous }
      for (const pair of given.split(',').filter((item) => item !== '')) {
        const fault = faultOf(pair)
        if (fault !== undefined) throw new Error(fault)
        const at = pair.indexOf(separator)
        map[pair.slice(0, at).trim()] = pair.slice(at + 1).trim()
      }
      return map
    },
  }
}

/** One `name=value` pair per mention of the flag, whose value may have commas in it. */
export const pairsOf = (help: string): Flag<{ readonly [name: string]: string }> => ({
  default: {},
  help,
  value: 'name=value',
  parse(given, previous = {}) {
    const at = given.indexOf('=')
    if (at < 0) throw new Error(`malformed pair, expect string=string`)
    return { ...previous, [given.slice(0, at).trim()]: given.slice(at + 1).trim() }
  },
})

/** `name:value` pairs between commas, where a name may come again; each mention of the flag adds to the map. */
export const multimap = (help: string): Flag<{ readonly [name: string]: readonly string[] }> => ({
  default: {},
  help,
  value: 'name:value,...',
  parse(given, previous = {}) {
    const map: { [name: string]: readonly string[] } = { ...previous }
    for (const pair of given.split(',').filter((item) => item !== '')) {
      const at = pair.indexOf(':')
      if (at < 0) throw new Error('malformed pair, expect string:string')
      const name = pair.slice(0, at).trim()
      map[name] = [...(map[name] ?? []), pair.slice(at + 1).trim()]
    }
    return map
  },
  show: (map) =>
    Object.entries(map)
      .sort(([a], [b]) => (a < b ? -1 : 1))
      .flatMap(([name, values]) => values.map((value) => `${name}:${value}`))
      .join(','),
})

/** `name=value` or `name` alone, between commas; each mention of the flag adds to the map. */
export const settings = (help: string): Flag<{ readonly [name: string]: string }> => ({
  default: {},
  help,
  value: 'name=value,...',
  parse(given, previous = {}) {
    const map: { [name: string]: string } = { ...previous }
    for (const item of given.split(',').filter((one) => one.trim() !== '')) {
      const at = item.indexOf('=')
      map[(at < 0 ? item : item.slice(0, at)).trim()] = at < 0 ? '' : item.slice(at + 1).trim()
    }
    return map
  },
})

export interface PortRange {
  readonly from: number
  readonly to: number
}

/** First and last port: `30000-32767`. */
export const portRange = (fallback: PortRange, help: string): Flag<PortRange> => ({
  default: fallback,
  help,
  value: 'from-to',
  parse(given) {
    const [, from, to] = /^(\d{1,5})-(\d{1,5})$/.exec(given) ?? []
    const range = { from: Number(from), to: Number(to) }
    if (!(range.from <= range.to && range.to <= 65_535)) {
      throw new Error(`${JSON.stringify(given)} is no range of ports like 30000-32767`)
    }
    return range
  },
  show: ({ from, to }) => `${from}-${to}`,
})

/** One of a few words. */
export const choice = <T extends string>(words: readonly T[], fallback: T, help: string): Flag<T> => ({
  default: fallback,
  help,
  value: words.join('|'),
  parse(given) {
    const word = words.find((candidate) => candidate === given)
    if (word === undefined) throw new Error(`it is ${JSON.stringify(given)}, must be one of ${words.join(', ')}`)
    return word
  },
})
