import { deepEqual } from '#base'
import { clusterroles } from '#api/rbac/v1'
import type { ClusterRole, PolicyRule } from '#api/rbac/v1'
import type { Controller, ControllerContext, ControllerDescriptor } from '#client'
import { keyOf } from '#machinery'
import { selectorFor } from '../common/meta/selectors.ts'
import { watchEvents } from '../common/meta/watch.ts'
import type { ControllersOptions } from '../options.ts'

const manager = 'clusterrole-aggregation-controller'

/** The rules of the roles that a role is made of, each once. */
export function aggregatedRules(role: ClusterRole, roles: readonly ClusterRole[]): readonly PolicyRule[] {
  const rules: PolicyRule[] = []
  for (const selector of role.aggregationRule?.clusterRoleSelectors ?? []) {
    const matcher = selectorFor(selector)
    for (const { metadata, rules: parts } of roles) {
      if (metadata.name === role.metadata.name || !matcher.matches(metadata.labels ?? {})) continue
      for (const rule of parts ?? []) if (!rules.some((known) => deepEqual(known, rule))) rules.push(rule)
    }
  }
  return rules
}

function create({ informers, client, queue }: ControllerContext<ControllersOptions>): Controller {
  const informer = informers.informer(clusterroles)
  const enqueueAll = (): void => {
    for (const role of informer.lister.list()) if (role.aggregationRule) queue.add(keyOf(role))
  }
  return {
    concurrency: 5,
    watches: [watchEvents(clusterroles, { added: enqueueAll, updated: enqueueAll, deleted: enqueueAll })],
    async reconcile(name) {
      const role = informer.lister.get({ name })
      if (!role?.aggregationRule) return
      const byName = (a: ClusterRole, b: ClusterRole): number =>
        (a.metadata.name ?? '') < (b.metadata.name ?? '') ? -1 : 1
      const rules = aggregatedRules(role, [...informer.lister.list()].sort(byName))
      if (deepEqual(rules, role.rules ?? [])) return
      const wanted: ClusterRole = {
        kind: 'ClusterRole',
        apiVersion: 'rbac.authorization.k8s.io/v1',
        metadata: { name },
        rules,
      }
      await client.apply(clusterroles, wanted, { fieldManager: manager, force: true })
    },
  }
}

/** Makes roles out of the roles that they select. */
export const clusterRoleAggregationController: ControllerDescriptor<ControllersOptions> = {
  name: 'clusterrole-aggregation-controller',
  aliases: ['clusterrole-aggregation'],
  inputs: [clusterroles],
  outputs: [{ resource: clusterroles, ownership: 'shared' }],
  create,
}
