import { extensionPoints } from '../framework/framework.ts'
import type { ExtensionPoint, PluginLists } from '../framework/framework.ts'
import type { Plugin } from '../framework/plugin.ts'
import { defaultPlugins } from '../plugins/defaults.ts'
import { ConfigError } from './types.ts'
import type { PluginRef, PluginSet, PluginsConfig, ProfileConfig } from './types.ts'

/** The plugins of a profile: by point as configured, defaults merged in. */
export interface ProfilePlugins {
  readonly lists: PluginLists
  readonly weights: ReadonlyMap<string, number>
}

/** How each extension point is recognized in a plugin. */
const methodOf: { readonly [point in ExtensionPoint]: (plugin: Plugin) => boolean } = {
  preEnqueue: (plugin) => plugin.preEnqueue !== undefined,
  queueSort: (plugin) => plugin.less !== undefined,
  preFilter: (plugin) => plugin.preFilter !== undefined,
  filter: (plugin) => plugin.filter !== undefined,
  postFilter: (plugin) => plugin.postFilter !== undefined,
  preScore: (plugin) => plugin.preScore !== undefined,
  score: (plugin) => plugin.score !== undefined,
  reserve: (plugin) => plugin.reserve !== undefined || plugin.unreserve !== undefined,
  permit: (plugin) => plugin.permit !== undefined,
  preBind: (plugin) => plugin.preBind !== undefined,
  bind: (plugin) => plugin.bind !== undefined,
  postBind: (plugin) => plugin.postBind !== undefined,
}

/**
 * Chooses the plugins of a profile: those named at a point first where they replace defaults in place, then others, and
 * what `multiPoint` enables at every point a plugin has methods for.
 *
 * @param make makes a plugin by name, or gives the one made before.
 * @throws ConfigError when a plugin is listed where it has nothing to do, or twice.
 */
export function pluginsOf(profile: ProfileConfig, make: (name: string) => Plugin): ProfilePlugins {
  const config = profile.plugins ?? {}
  const multiPoint = mergeSets({ enabled: defaultPlugins }, config['multiPoint'])
  const weights = new Map<string, number>()
  const lists: { [point in ExtensionPoint]?: readonly Plugin[] } = {}
  for (const point of extensionPoints) lists[point] = listAt(point, config, multiPoint, weights, make)
  const all = lists as PluginLists
  if (all.queueSort.length !== 1) {
    const name = profile.schedulerName ?? 'default-scheduler'
    throw new ConfigError(`profile "${name}" has ${all.queueSort.length} queueSort plugins, wanted exactly one`)
  }
  if (all.bind.length === 0) {
    throw new ConfigError(
      `at least one bind plugin is needed for profile with scheduler name "${profile.schedulerName}"`,
    )
  }
  return { lists: all, weights }
}

function listAt(
  point: ExtensionPoint,
  config: PluginsConfig,
  multiPoint: PluginSet,
  weights: Map<string, number>,
  make: (name: string) => Plugin,
): readonly Plugin[] {
  const own = config[point] ?? {}
  const disabled = new Set((own.disabled ?? []).map(({ name }) => name))
  const named = new Map<string, PluginRef>()
  for (const ref of own.enabled ?? []) {
    if (named.has(ref.name)) throw new ConfigError(`plugin "${ref.name}" already registered as "${point}"`)
    named.set(ref.name, ref)
  }
  const plugins: Plugin[] = []
  const take = ({ name, weight }: PluginRef): void => {
    const plugin = make(name)
    if (point === 'score') weights.set(name, weight || 1)
    plugins.push(plugin)
  }
  const overridden = new Set<string>()
  for (const ref of disabled.has('*') ? [] : (multiPoint.enabled ?? [])) {
    if (disabled.has(ref.name) || !methodOf[point](make(ref.name))) continue
    if (named.has(ref.name)) overridden.add(ref.name)
    else take(ref)
  }
  const first: Plugin[] = []
  const last: Plugin[] = []
  for (const ref of named.values()) {
    const plugin = make(ref.name)
    if (!methodOf[point](plugin)) throw new ConfigError(`plugin "${ref.name}" does not extend ${point} plugin`)
    if (point === 'score') weights.set(ref.name, ref.weight || (weightIn(multiPoint, ref.name) ?? 1))
    const order = overridden.has(ref.name) ? first : last
    order.push(plugin)
  }
  // What is reconfigured at a point goes first, what is named only there last.
  return [...first, ...plugins, ...last]
}

function weightIn(set: PluginSet, name: string): number | undefined {
  return set.enabled?.find((ref) => ref.name === name)?.weight
}

function mergeSets(defaults: PluginSet, custom: PluginSet | undefined): PluginSet {
  if (!custom) return defaults
  const disabled = new Set((custom.disabled ?? []).map(({ name }) => name))
  const named = new Map((custom.enabled ?? []).map((ref) => [ref.name, ref]))
  const kept = disabled.has('*') ? [] : (defaults.enabled ?? []).filter(({ name }) => !disabled.has(name))
  const keptNames = new Set(kept.map(({ name }) => name))
  return {
    enabled: [
      ...kept.map((ref) => named.get(ref.name) ?? ref),
      ...(custom.enabled ?? []).filter(({ name }) => !keptNames.has(name)),
    ],
  }
}
