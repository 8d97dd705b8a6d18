import { CelError } from '../cel/error.ts'
import { Meter } from '../cel/evaluate/meter.ts'
import { compileExpression } from '../cel/expression.ts'
import { quantityValue } from '../cel/functions/quantities.ts'
import { versionValue } from '../cel/functions/versions.ts'
import { bool, dyn, mapType, string } from '../cel/types/types.ts'
import type { CelType } from '../cel/types/types.ts'
import { EntryMap, kindOf } from '../cel/values/values.ts'
import type { Value } from '../cel/values/values.ts'

/** What an expression sees of a device, as `resource.k8s.io/v1` describes it. */
export interface SelectableDevice {
  readonly allowMultipleAllocations?: boolean
  readonly attributes?: { readonly [name: string]: Attribute }
  readonly capacity?: { readonly [name: string]: { readonly value: string } }
}

interface Attribute {
  readonly bool?: boolean
  readonly int?: number | bigint
  readonly string?: string
  readonly version?: string
}

/** An expression by which devices are chosen. */
export interface DeviceSelectorProgram {
  readonly type: CelType
  /** Whether a driver's device meets it. @throws CelError when that can't be said */
  matches(driver: string, device: SelectableDevice): boolean
}

/** Most that one evaluation may cost. */
const costLimit = 1_000_000

const attributes = mapType(string, mapType(string, dyn))
const capacity = mapType(string, mapType(string, { kind: 'opaque', name: 'kubernetes.Quantity' }))
const fields = new Map<string, CelType>([
  ['driver', string],
  ['attributes', attributes],
  ['capacity', capacity],
  ['allowMultipleAllocations', bool],
])
const variables: ReadonlyMap<string, CelType> = new Map([
  ['device', { kind: 'object', name: 'kubernetes.DRADevice', field: (name) => fields.get(name) }],
])

/** Compiles an expression over `device`; `problems` says why it makes no sense, as the API does. */
export function compileDeviceSelector(source: string): DeviceSelectorProgram | { readonly problems: string } {
  const outcome = compileExpression(source, variables, { bindings: true })
  if ('problems' in outcome) return outcome
  return {
    type: outcome.type,
    matches: (driver, device) => {
      const result = outcome.run(new Map([['device', deviceValue(driver, device)]]), new Meter(costLimit))
      if (typeof result === 'boolean') return result
      throw new CelError(`CEL result of type ${kindOf(result)} could not be converted to bool`)
    },
  }
}

function deviceValue(driver: string, device: SelectableDevice): Value {
  const value = new EntryMap()
  value.set('driver', driver)
  value.set('allowMultipleAllocations', device.allowMultipleAllocations ?? false)
  value.set('attributes', byDomain(device.attributes ?? {}, driver, attributeValue))
  value.set('capacity', byDomain(device.capacity ?? {}, driver, capacityValue))
  return value
}

/** Empty for every domain of which nothing is known. */
class Domains extends EntryMap {
  static readonly #nothing = new EntryMap()

  override get(domain: Value): Value {
    return super.get(domain) ?? Domains.#nothing
  }

  has(domain: Value): boolean {
    return super.get(domain) !== undefined
  }
}

/** Values by domain and name; names without a domain have that of the driver. */
function byDomain<T>(
  values: { readonly [name: string]: T },
  driver: string,
  valueOf: (value: T, name: string) => Value,
): Value {
  const domains = new Domains()
  for (const [qualified, content] of Object.entries(values)) {
    const slash = qualified.indexOf('/')
    const domain = slash < 0 ? driver : qualified.slice(0, slash)
    if (!domains.has(domain)) domains.set(domain, new EntryMap())
    const known = domains.get(domain)
    if (known instanceof EntryMap) known.set(qualified.slice(slash + 1), valueOf(content, qualified))
  }
  return domains
}

function attributeValue(attribute: Attribute, name: string): Value {
  if (attribute.int !== undefined) return BigInt(attribute.int)
  if (attribute.bool !== undefined) return attribute.bool
  if (attribute.string !== undefined) return attribute.string
  if (attribute.version === undefined) throw new CelError(`attribute ${name}: unsupported attribute value`)
  const version = versionValue(attribute.version)
  if (!version) throw new CelError(`attribute ${name}: parse semantic version: No Major.Minor.Patch elements found`)
  return version
}

function capacityValue({ value }: { readonly value: string }, name: string): Value {
  const quantity = quantityValue(value)
  if (!quantity) throw new CelError(`capacity ${name}: quantities must match the regular expression`)
  return quantity
}
