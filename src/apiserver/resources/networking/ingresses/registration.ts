import type { Draft } from '#api'
import type { Ingress } from '#api/networking/v1'
import { excludeFields, Path, quote, warningsForIP } from '#machinery'
import type { ResourceRegistration } from '../../../resource/registration.ts'
import { strategy } from '../../../resource/strategy.ts'
import { ageOf } from '../../../table/age.ts'
import { tableColumns } from '../../../table/columns.ts'
import { raiseGenerationWithSpec, startGeneration } from '../../common/generation.ts'
import { validateIngressStatus } from './status.ts'
import { classAnnotation, validateIngress, validateIngressUpdate } from './validation.ts'

const lastShownHost = 3

export const ingressesRegistration: ResourceRegistration = {
  place: 'networking/v1',
  plural: 'ingresses',
  prefix: '/registry/ingress/',
  strategy: strategy<Ingress>({
    prepareForCreate: startGeneration,
    prepareForUpdate: raiseGenerationWithSpec,
    validate: validateIngress,
    validateUpdate: validateIngressUpdate,
    warningsOnCreate: ({ metadata, spec }) =>
      metadata.annotations?.[classAnnotation] !== undefined && spec.ingressClassName === undefined
        ? [`annotation ${quote(classAnnotation)} is deprecated, please use 'spec.ingressClassName' instead`]
        : [],
  }),
  updates: {
    status: strategy<Ingress>({
      prepareForUpdate(draft, old) {
        draft.spec = old.spec as Draft<Ingress>['spec']
      },
      validateUpdate: validateIngressStatus,
      warningsOnUpdate: ({ status }) =>
        (status?.loadBalancer?.ingress ?? []).flatMap(({ ip }, index) =>
          ip ? warningsForIP(Path.of('status', 'loadBalancer', 'ingress').index(index), ip) : [],
        ),
      resetFields: excludeFields(['spec']),
    }),
  },
  columns: tableColumns<Ingress>(
    [
      { name: 'Name', type: 'string', format: 'name' },
      { name: 'Class', type: 'string' },
      { name: 'Hosts', type: 'string' },
      { name: 'Address', type: 'string' },
      { name: 'Ports', type: 'string' },
      { name: 'Age', type: 'string' },
    ],
    (ingress, now) => ({
      cells: [
        ingress.metadata.name ?? '',
        ingress.spec.ingressClassName ?? '<none>',
        hostsOf(ingress),
        addressesOf(ingress),
        (ingress.spec.tls ?? []).length === 0 ? '80' : '80, 443',
        ageOf(ingress, now),
      ],
    }),
  ),
}

/** Hosts of the first rules; those of later rules are only counted. */
function hostsOf({ spec }: Ingress): string {
  const rules = spec.rules ?? []
  const hosts = rules.flatMap(({ host }) => (host ? [host] : []))
  if (hosts.length === 0) return '*'
  const more = rulesAfter(rules.map(({ host }) => host ?? ''))
  const shown = hosts.slice(0, lastShownHost).join(',')
  return more ? `${shown} + ${rules.length - lastShownHost} more...` : shown
}

/** Whether a rule comes after the last host that is shown. */
function rulesAfter(hosts: readonly string[]): boolean {
  let shown = 0
  for (const host of hosts) {
    if (shown === lastShownHost) return true
    if (host !== '') shown++
  }
  return false
}

function addressesOf({ status }: Ingress): string {
  const addresses = (status?.loadBalancer?.ingress ?? []).flatMap(({ ip, hostname }) => ip || hostname || [])
  return [...new Set(addresses)].toSorted().join(',')
}
