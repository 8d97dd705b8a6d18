import { defined } from '#base'
import { durationMillis } from '#machinery'
import { ConfigError } from './types.ts'
import type {
  ExtenderConfig,
  PluginConfig,
  PluginRef,
  PluginSet,
  PluginsConfig,
  ProfileConfig,
  SchedulerConfig,
} from './types.ts'

const apiVersion = 'kubescheduler.config.k8s.io/v1'

/**
 * Reads a `KubeSchedulerConfiguration` that was parsed from YAML or JSON. What is not about scheduling (leader election,
 * client connection, health) is left to whoever starts the scheduler.
 *
 * @throws ConfigError when it can't be used.
 */
export function readSchedulerConfiguration(document: unknown): SchedulerConfig {
  const root = new Reader(document, '')
  const found = `${root.text('apiVersion') ?? ''}, Kind=${root.text('kind') ?? ''}`
  if (found !== `${apiVersion}, Kind=KubeSchedulerConfiguration`) {
    throw new ConfigError(`no kind "KubeSchedulerConfiguration" of ${apiVersion}, got ${found}`)
  }
  const percentageOfNodesToScore = percentage(root)
  const initial = root.number('podInitialBackoffSeconds')
  const max = root.number('podMaxBackoffSeconds')
  if (initial !== undefined && initial <= 0) {
    throw new ConfigError(`podInitialBackoffSeconds: Invalid value: ${initial}: must be greater than 0`)
  }
  if (max !== undefined && max < (initial ?? 1)) {
    throw new ConfigError(
      `podMaxBackoffSeconds: Invalid value: ${max}: must be greater than or equal to PodInitialBackoffSeconds`,
    )
  }
  const profiles = root.list('profiles').map(profileOf)
  checkNames(profiles)
  const extenders = root.list('extenders').map(extenderOf)
  return defined({
    percentageOfNodesToScore,
    podInitialBackoffSeconds: initial,
    podMaxBackoffSeconds: max,
    profiles: profiles.length > 0 ? profiles : undefined,
    extenders: extenders.length > 0 ? extenders : undefined,
  })
}

function percentage(reader: Reader): number | undefined {
  const value = reader.number('percentageOfNodesToScore')
  if (value === undefined || (value >= 0 && value <= 100)) return value
  throw new ConfigError(`${reader.at('percentageOfNodesToScore')}: Invalid value: ${value}: not in valid range [0-100]`)
}

function checkNames(profiles: readonly ProfileConfig[]): void {
  const seen = new Set<string>()
  profiles.forEach(({ schedulerName }, i) => {
    const path = `profiles[${i}].schedulerName`
    if (!schedulerName) {
      if (profiles.length > 1) throw new ConfigError(`${path}: Required value`)
      return
    }
    if (seen.has(schedulerName)) throw new ConfigError(`${path}: Duplicate value: ${JSON.stringify(schedulerName)}`)
    seen.add(schedulerName)
  })
}

function profileOf(reader: Reader): ProfileConfig {
  const plugins = reader.record('plugins')
  return defined({
    schedulerName: reader.text('schedulerName'),
    percentageOfNodesToScore: percentage(reader),
    plugins: plugins && pluginsOf(plugins),
    pluginConfig: reader.list('pluginConfig').map(pluginConfigOf),
  })
}

function pluginsOf(reader: Reader): PluginsConfig {
  return Object.fromEntries(
    reader.keys().map((point): readonly [string, PluginSet] => {
      const set = reader.record(point)
      return [
        point,
        { enabled: set?.list('enabled').map(refOf) ?? [], disabled: set?.list('disabled').map(refOf) ?? [] },
      ]
    }),
  )
}

function refOf(reader: Reader): PluginRef {
  return defined({ name: reader.required('name'), weight: reader.number('weight') })
}

function pluginConfigOf(reader: Reader): PluginConfig {
  return defined({ name: reader.required('name'), args: reader.record('args')?.value })
}

function extenderOf(reader: Reader): ExtenderConfig {
  const timeout = reader.text('httpTimeout')
  const prioritizeVerb = reader.text('prioritizeVerb')
  const weight = reader.number('weight')
  if (prioritizeVerb && !(weight !== undefined && weight > 0)) {
    const why = 'must have a positive weight applied to it'
    throw new ConfigError(`${reader.at('weight')}: Invalid value: ${weight ?? 0}: ${why}`)
  }
  return defined({
    urlPrefix: reader.required('urlPrefix'),
    filterVerb: reader.text('filterVerb'),
    preemptVerb: reader.text('preemptVerb'),
    prioritizeVerb,
    weight,
    bindVerb: reader.text('bindVerb'),
    httpTimeoutMs: timeout === undefined ? undefined : durationMillis(timeout),
    nodeCacheCapable: reader.flag('nodeCacheCapable'),
    ignorable: reader.flag('ignorable'),
    managedResources: reader
      .list('managedResources')
      .map((resource) =>
        defined({ name: resource.required('name'), ignoredByScheduler: resource.flag('ignoredByScheduler') }),
      ),
  })
}

/** Reads fields of a document, and says where one is of the wrong type. */
class Reader {
  readonly value: { readonly [key: string]: unknown }
  readonly #path: string

  constructor(value: unknown, path: string) {
    if (typeof value !== 'object' || value === null || Array.isArray(value)) {
      throw new ConfigError(
        `${path || 'configuration'} is ${Array.isArray(value) ? 'a list' : typeof value}, wanted an object`,
      )
    }
    this.value = value as { readonly [key: string]: unknown }
    this.#path = path
  }

  at(key: string): string {
    return this.#path === '' ? key : `${this.#path}.${key}`
  }

  keys(): readonly string[] {
    return Object.keys(this.value)
  }

  text(key: string): string | undefined {
    return this.#typed(key, 'string') as string | undefined
  }

  required(key: string): string {
    const value = this.text(key)
    if (value) return value
    throw new ConfigError(`${this.at(key)}: Required value`)
  }

  number(key: string): number | undefined {
    return this.#typed(key, 'number') as number | undefined
  }

  flag(key: string): boolean | undefined {
    return this.#typed(key, 'boolean') as boolean | undefined
  }

  record(key: string): Reader | undefined {
    const value = this.value[key]
    return value === undefined || value === null ? undefined : new Reader(value, this.at(key))
  }

  list(key: string): readonly Reader[] {
    const value = this.value[key] ?? []
    if (!Array.isArray(value)) throw new ConfigError(`${this.at(key)} is ${typeof value}, wanted a list`)
    return value.map((item, i) => new Reader(item, `${this.at(key)}[${i}]`))
  }

  #typed(key: string, type: string): unknown {
    const value = this.value[key]
    if (value === undefined || value === null) return undefined
    if (typeof value === type) return value
    throw new ConfigError(`${this.at(key)} is ${typeof value}, wanted ${type}`)
  }
}
