import { podReference } from '#client'
import type { Pod } from '#api/core/v1'
import type { SeriesRecorder } from '#client'
import type { Cache } from './cache/cache.ts'
import { pluginsOf } from './config/profile.ts'
import { ConfigError } from './config/types.ts'
import type { ProfileConfig, SchedulerConfig } from './config/types.ts'
import type { Extender } from './extenders/extender.ts'
import type { EventRegistration, EventResource } from './framework/events.ts'
import { Framework } from './framework/framework.ts'
import type { Plugin, PluginContext } from './framework/plugin.ts'
import type { StatusTable } from './framework/status.ts'
import type { SchedulerOptions } from './options.ts'
import { names } from './plugins/names.ts'
import { Hints } from './queue/hints.ts'
import type { Nominator } from './queue/nominator.ts'
import type { QueueOptions } from './queue/queue.ts'
import { inTreePlugins } from './registry.ts'

export interface ProfilesOptions extends SchedulerOptions {
  readonly cache: Cache
  readonly statuses: StatusTable
  readonly nominator: Nominator
  readonly extenders: readonly Extender[]
  readonly recorder: (schedulerName: string) => SeriesRecorder
  readonly activate: (pods: readonly Pod[]) => void
  readonly rejectWaiting: PluginContext['rejectWaiting']
}

export interface Profiles {
  /** By name of scheduler. */
  readonly frameworks: ReadonlyMap<string, Framework>
  /** Resources whose events the plugins want to hear of. */
  readonly resources: ReadonlySet<EventResource>
  /** What the queue, which all profiles share, takes from them. */
  readonly queue: Pick<QueueOptions, 'less' | 'hints' | 'preEnqueue' | 'backoff' | 'maxUnschedulableMs'>
}

const maxUnschedulableMs = 5 * 60_000

/** Makes the profiles of a configuration with their plugins. @throws ConfigError when it makes no sense. */
export function createProfiles(options: ProfilesOptions): Profiles {
  const { config = {}, log } = options
  const profiles = config.profiles?.length ? config.profiles : [{}]
  const frameworks = new Map<string, Framework>()
  for (const profile of profiles) {
    const framework = createFramework(profile, options)
    if (frameworks.has(framework.name)) throw new ConfigError(`profiles: duplicate value: "${framework.name}"`)
    frameworks.set(framework.name, framework)
  }
  const [first] = frameworks.values()
  const sort = first?.plugins.queueSort[0]
  const registrations = new Map<string, ReadonlyMap<string, readonly EventRegistration[]>>()
  const preEnqueue = new Map<string, readonly Plugin[]>()
  for (const [name, framework] of frameworks) {
    preEnqueue.set(name, framework.plugins.preEnqueue)
    const byPlugin = new Map<string, readonly EventRegistration[]>()
    for (const plugin of framework.all()) if (plugin.events) byPlugin.set(plugin.name, plugin.events)
    registrations.set(name, byPlugin)
  }
  return {
    frameworks,
    resources: new Set(
      [...registrations.values()].flatMap((plugins) => [...plugins.values()].flat().map(({ resource }) => resource)),
    ),
    queue: {
      less: (a, b) => sort?.less?.(a, b) === true,
      hints: new Hints(registrations, log),
      preEnqueue,
      backoff: {
        initialMs: (config.podInitialBackoffSeconds ?? 1) * 1000,
        maxMs: (config.podMaxBackoffSeconds ?? 10) * 1000,
      },
      maxUnschedulableMs,
    },
  }
}

function createFramework(profile: ProfileConfig, options: ProfilesOptions): Framework {
  const { client, clock, log, informers, cache, statuses, nominator, activate, config } = options
  const name = profile.schedulerName ?? 'default-scheduler'
  const registry = { ...inTreePlugins(statuses), ...options.plugins }
  const made = new Map<string, Plugin>()
  // Plugins ask for it only once it is there.
  const self: { framework?: Framework } = {}
  const make = (plugin: string): Plugin => {
    const known = made.get(plugin)
    if (known) return known
    const factory = registry[plugin]
    if (!factory) throw new ConfigError(`plugin "${plugin}" does not exist`)
    const context: PluginContext = {
      client,
      clock,
      log: log.with({ plugin }),
      informers,
      cache,
      nominator,
      framework: () => self.framework!,
      activate,
      rejectWaiting: options.rejectWaiting,
      extenders: options.extenders,
      recordEvent: ({ regarding, related, ...event }) =>
        options.recorder(name).event({
          ...event,
          regarding: podReference(regarding),
          ...(related ? { related: podReference(related) } : {}),
        }),
      args: argumentsOf(profile, config, plugin),
    }
    const created = factory(context)
    made.set(plugin, created)
    return created
  }
  const { lists, weights } = pluginsOf(profile, make)
  const percentage = profile.percentageOfNodesToScore ?? config?.percentageOfNodesToScore
  const framework = new Framework({
    name,
    plugins: lists,
    weights,
    nodes: cache.nodes,
    statuses,
    ...(percentage === undefined ? {} : { percentageOfNodesToScore: percentage }),
  })
  self.framework = framework
  return framework
}

/** Resources that extenders manage alone are nothing that NodeResourcesFit looks at. */
function argumentsOf(
  profile: ProfileConfig,
  config: SchedulerConfig | undefined,
  plugin: string,
): { readonly [name: string]: unknown } {
  const args = profile.pluginConfig?.find((one) => one.name === plugin)?.args ?? {}
  if (plugin !== names.nodeResourcesFit) return args
  const managed = (config?.extenders ?? []).flatMap(({ managedResources = [] }) =>
    managedResources.flatMap(({ name, ignoredByScheduler }) => (ignoredByScheduler === true ? [name] : [])),
  )
  if (managed.length === 0) return args
  const own = (args['ignoredResources'] as readonly string[] | undefined) ?? []
  return { ...args, ignoredResources: [...own, ...managed] }
}
