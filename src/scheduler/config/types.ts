/** A plugin at an extension point. */
export interface PluginRef {
  readonly name: string
  readonly weight?: number
}

export interface PluginSet {
  readonly enabled?: readonly PluginRef[]
  /** `*` disables all defaults. */
  readonly disabled?: readonly PluginRef[]
}

/** Which plugins a profile has, by extension point; `multiPoint` stands for all points at which a plugin takes part. */
export type PluginsConfig = { readonly [point: string]: PluginSet }

export interface PluginConfig {
  readonly name: string
  readonly args?: { readonly [name: string]: unknown }
}

export interface ProfileConfig {
  readonly schedulerName?: string
  readonly percentageOfNodesToScore?: number
  readonly plugins?: PluginsConfig
  readonly pluginConfig?: readonly PluginConfig[]
}

/** An HTTP endpoint that filters, ranks or binds in addition to the plugins. */
export interface ExtenderConfig {
  readonly urlPrefix: string
  readonly filterVerb?: string
  readonly preemptVerb?: string
  readonly prioritizeVerb?: string
  readonly weight?: number
  readonly bindVerb?: string
  /** Milliseconds. */
  readonly httpTimeoutMs?: number
  readonly nodeCacheCapable?: boolean
  readonly managedResources?: readonly { readonly name: string; readonly ignoredByScheduler?: boolean }[]
  /** Scheduling goes on without it when it fails. */
  readonly ignorable?: boolean
}

/** What a scheduler is told: the scheduling part of `KubeSchedulerConfiguration` of `kubescheduler.config.k8s.io/v1`. */
export interface SchedulerConfig {
  readonly percentageOfNodesToScore?: number
  readonly podInitialBackoffSeconds?: number
  readonly podMaxBackoffSeconds?: number
  readonly profiles?: readonly ProfileConfig[]
  readonly extenders?: readonly ExtenderConfig[]
}

/** The configuration can't be used; the message says where and why. */
export class ConfigError extends Error {
  override readonly name = 'ConfigError'
}
