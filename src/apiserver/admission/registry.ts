import type { Services } from '../services.ts'
import type { AdmissionPlugin } from './admission.ts'

/** One plugin that the server knows. */
interface KnownPlugin {
  readonly name: string
  readonly onByDefault: boolean
  readonly create: (services: Services) => Omit<AdmissionPlugin, 'name'>
}

/** In the order in which they are asked, which is upstream's. */
const known: readonly KnownPlugin[] = []

/** Plugins to have besides those that are on by default, and those of them to do without. */
export interface AdmissionChoice {
  readonly enable?: readonly string[]
  readonly disable?: readonly string[]
}

/**
 * The plugins of a server, in order.
 * @throws Error when a name is not known
 */
export function admissionPlugins(
  services: Services,
  { enable = [], disable = [] }: AdmissionChoice = {},
): readonly AdmissionPlugin[] {
  for (const name of [...enable, ...disable]) {
    if (!known.some((plugin) => plugin.name === name)) throw new Error(`choose admission plugin: "${name}" is unknown`)
  }
  return known
    .filter(({ name, onByDefault }) => enable.includes(name) || (onByDefault && !disable.includes(name)))
    .map(({ name, create }) => ({ name, ...create(services) }))
}
