import { isDNS1035Label, isDNS1123Label, isDNS1123Subdomain } from '../../names/dns.ts'
import { isLabelValue, isQualifiedName } from '../../names/keys.ts'
import { parseTime } from '../../time/parse.ts'
import { quote } from '../../errors/quote.ts'
import { listOf, Optional } from '../values/values.ts'
import type { Opaque } from '../values/values.ts'
import { global, member } from './function.ts'
import type { Overload } from './function.ts'
import { readURL } from './network.ts'

type Check = (text: string) => readonly string[]

const patternSizes: { readonly [name: string]: number } = {
  dns1123Subdomain: 60,
  dns1123SubdomainPrefix: 60,
  qualifiedName: 60,
  labelValue: 40,
  uri: 1104,
  uuid: 72,
  byte: 84,
  date: 72,
  datetime: 72,
}

class FormatValue implements Opaque {
  readonly opaque = 'kubernetes.NamedFormat'
  readonly name: string
  readonly check: Check
  /** How long its pattern is taken to be, for what it costs. */
  readonly patternSize: number

  constructor(name: string, check: Check) {
    this.name = name
    this.check = check
    this.patternSize = patternSizes[name] ?? 30
  }

  equals(other: Opaque): boolean {
    return other instanceof FormatValue && this.name === other.name
  }
}

const fails =
  (message: string, holds: (text: string) => boolean): Check =>
  (text) =>
    holds(text) ? [] : [message]

/** The name may lack its end, which is made up. */
const prefixOf =
  (check: Check): Check =>
  (text) =>
    check(text.endsWith('-') ? `${text.slice(0, -1)}a` : text)

function isTime(text: string): boolean {
  try {
    parseTime(text)
    return true
  } catch {
    return false
  }
}

const formats: { readonly [name: string]: Check } = {
  dns1123Label: isDNS1123Label,
  dns1123Subdomain: isDNS1123Subdomain,
  dns1035Label: isDNS1035Label,
  dns1123LabelPrefix: prefixOf(isDNS1123Label),
  dns1123SubdomainPrefix: prefixOf(isDNS1123Subdomain),
  dns1035LabelPrefix: prefixOf(isDNS1035Label),
  qualifiedName: isQualifiedName,
  labelValue: isLabelValue,
  uri: (text) => (readURL(text) ? [] : [`parse ${quote(text)}: invalid URI for request`]),
  uuid: fails('does not match the UUID format', (text) =>
    /^[0-9a-f]{8}-?[0-9a-f]{4}-?[0-9a-f]{4}-?[0-9a-f]{4}-?[0-9a-f]{12}$/i.test(text),
  ),
  byte: fails('invalid base64', (text) =>
    /^(?:[A-Za-z0-9+/]{4})*(?:[A-Za-z0-9+/]{2}==|[A-Za-z0-9+/]{3}=)?$/.test(text),
  ),
  date: fails('invalid date', (text) => /^\d{4}-\d{2}-\d{2}$/.test(text) && isTime(`${text}T00:00:00Z`)),
  datetime: fails('invalid datetime', isTime),
}

const type = 'kubernetes.NamedFormat'

/** Kubernetes' library of named formats. */
export const formatFunctions: readonly Overload[] = [
  ...Object.entries(formats).map(([name, check]) =>
    global(`format.${name}`, [], type, () => new FormatValue(name, check)),
  ),
  global('format.named', ['string'], `optional<${type}>`, (name: string) => {
    const check = Object.hasOwn(formats, name) ? formats[name] : undefined
    return new Optional(check && new FormatValue(name, check))
  }),
  member('validate', [type, 'string'], 'optional<list<string>>', ({ check }: FormatValue, text: string) => {
    const problems = check(text)
    return new Optional(problems.length === 0 ? undefined : listOf(problems))
  }),
]
