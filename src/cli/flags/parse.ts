import { usageError } from '#cluster'
import type { FlagSet } from './flag.ts'
import { nearest } from './nearest.ts'

export interface ParsedFlags<T> {
  /** Value of every flag: as given, else its default. */
  readonly values: T
  /** Names of the flags that were given. */
  readonly given: ReadonlySet<string>
  /** What is no flag, in its order. */
  readonly rest: readonly string[]
  /** Whether help was asked for. */
  readonly help: boolean
}

/** Flags of the twin upstream that change nothing here: taken, and not looked at. */
export interface ToleratedFlags {
  /** Those that need no value. */
  readonly toggles: readonly string[]
  readonly values: readonly string[]
  /** Those that may say what is so anyway, and nothing else, by name with that value. */
  readonly fixed?: { readonly [name: string]: string }
}

export interface ParseOptions<T> {
  /** How the command is called: `k8ts up`. */
  readonly command: string
  readonly flags: FlagSet<T>
  readonly tolerated?: ToleratedFlags
}

const nothing: ToleratedFlags = { toggles: [], values: [] }

/**
 * Reads a command line as Kubernetes' own commands do: `--name=value`, `--name value`, `--toggle`, `-v=2`; underscores
 * in names count as dashes; `--` ends the flags.
 *
 * @throws UserError
 */
export function parseFlags<T extends object>(
  parameters: readonly string[],
  { command, flags, tolerated = nothing }: ParseOptions<T>,
): ParsedFlags<T> {
  const { fixed = {} } = tolerated
  const known = flags as FlagSet<{ [name: string]: unknown }>
  const given = new Map<string, unknown>()
  const rest: string[] = []
  let help = false
  for (let at = 0; at < parameters.length; at++) {
    const parameter = parameters[at] ?? ''
    if (parameter === '--') {
      rest.push(...parameters.slice(at + 1))
      break
    }
    if (!parameter.startsWith('-') || parameter === '-') {
      rest.push(parameter)
      continue
    }
    const { name, value } = split(parameter, known)
    if (name === 'help' || name === 'h') {
      help = true
      continue
    }
    const flag = Object.hasOwn(known, name) ? known[name] : undefined
    const only = flag || !Object.hasOwn(fixed, name) ? undefined : fixed[name]
    if (only !== undefined) {
      const said = value ?? (isBoolean(only) ? 'true' : parameters[++at])
      if (sameValue(said, only)) continue
      throw usageError(
        `flag --${name}: it is ${JSON.stringify(said ?? '')}, must be ${only}: nothing else is possible here`,
      )
    }
    if (!flag && !tolerated.toggles.includes(name) && !tolerated.values.includes(name)) throw unknown(parameter, name)
    const isToggle = flag ? flag.value === '' : tolerated.toggles.includes(name)
    const following = value ?? (isToggle ? 'true' : parameters[++at])
    if (following === undefined) throw usageError(`flag --${name} needs a value: --${name}=${flag?.value ?? 'value'}`)
    if (!flag) continue
    try {
      given.set(name, flag.parse(following, given.get(name)))
    } catch (error) {
      throw usageError(`flag --${name}: ${(error as Error).message}`)
    }
  }
  const values = Object.fromEntries(
    Object.entries(known).map(([name, flag]) => [name, given.has(name) ? given.get(name) : flag.default]),
  )
  return { values: values as T, given: new Set(given.keys()), rest, help }

  function unknown(parameter: string, name: string): Error {
    const spelled = parameter.startsWith('--') ? `--${name}` : `-${name}`
    const close = name.length > 1 ? nearest(name, [...Object.keys(known), ...Object.keys(fixed), 'help']) : undefined
    return usageError(
      `unknown flag ${spelled}${close === undefined ? '' : `, did you mean --${close}?`} (see ${command} --help)`,
    )
  }
}

const isBoolean = (text: string): boolean => text === 'true' || text === 'false'

function sameValue(said: string | undefined, only: string): boolean {
  if (said === undefined) return false
  if (only === 'true') return /^(?:1|t|T|TRUE|true|True)$/.test(said)
  if (only === 'false') return /^(?:0|f|F|FALSE|false|False)$/.test(said)
  return said === only
}

function split(
  parameter: string,
  known: FlagSet<{ [name: string]: unknown }>,
): { readonly name: string; readonly value: string | undefined } {
  const at = parameter.indexOf('=')
  const spelled = at < 0 ? parameter : parameter.slice(0, at)
  const value = at < 0 ? undefined : parameter.slice(at + 1)
  if (spelled.startsWith('--')) return { name: spelled.slice(2).replaceAll('_', '-'), value }
  const letter = spelled.slice(1, 2)
  const long = Object.entries(known).find(([, flag]) => flag.short === letter)?.[0]
  // `-v2` is `-v=2`.
  const attached = spelled.length > 2 ? spelled.slice(2) : undefined
  return long === undefined ? { name: spelled.slice(1), value } : { name: long, value: value ?? attached }
}
