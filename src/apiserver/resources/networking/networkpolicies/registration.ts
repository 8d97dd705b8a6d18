import type { Draft } from '#api'
import type { NetworkPolicy, NetworkPolicyPeer, NetworkPolicyPort } from '#api/networking/v1'
import { deepEqual } from '#base'
import { formatLabelSelector, Path, warningsForCIDR } from '#machinery'
import { defaults } from '../../../resource/registration.ts'
import type { ResourceRegistration } from '../../../resource/registration.ts'
import { strategy } from '../../../resource/strategy.ts'
import { ageOf } from '../../../table/age.ts'
import { tableColumns } from '../../../table/columns.ts'
import { raiseGeneration, startGeneration } from '../../common/generation.ts'
import { validateNetworkPolicy, validateNetworkPolicyUpdate } from './validation.ts'

export const networkPoliciesRegistration: ResourceRegistration = {
  place: 'networking/v1',
  plural: 'networkpolicies',
  strategy: strategy<NetworkPolicy>({
    prepareForCreate: startGeneration,
    // Unlike elsewhere, an empty list is another spec than none.
    prepareForUpdate(draft, old) {
      if (!deepEqual(draft.spec, old.spec)) raiseGeneration(draft, old)
    },
    validate: validateNetworkPolicy,
    validateUpdate: validateNetworkPolicyUpdate,
    warningsOnCreate: warnings,
    warningsOnUpdate: warnings,
  }),
  defaults: defaults<NetworkPolicy>(({ spec }) => {
    if ((spec.policyTypes ?? []).length === 0)
      spec.policyTypes = (spec.egress ?? []).length === 0 ? ['Ingress'] : ['Ingress', 'Egress']
    for (const { ports } of [...(spec.ingress ?? []), ...(spec.egress ?? [])]) defaultPorts(ports)
  }),
  columns: tableColumns<NetworkPolicy>(
    [
      { name: 'Name', type: 'string', format: 'name' },
      { name: 'Pod-Selector', type: 'string' },
      { name: 'Age', type: 'string' },
    ],
    (policy, now) => ({
      cells: [policy.metadata.name ?? '', formatLabelSelector(policy.spec.podSelector ?? {}), ageOf(policy, now)],
    }),
  ),
}

function defaultPorts(ports: Draft<NetworkPolicyPort>[] | undefined): void {
  for (const port of ports ?? []) port.protocol ??= 'TCP'
}

function warnings({ spec }: NetworkPolicy): readonly string[] {
  return [
    ...(spec.ingress ?? []).flatMap(({ from }, index) =>
      warningsForPeers(from, Path.of('spec', 'ingress').index(index).child('from')),
    ),
    ...(spec.egress ?? []).flatMap(({ to }, index) =>
      warningsForPeers(to, Path.of('spec', 'egress').index(index).child('to')),
    ),
  ]
}

function warningsForPeers(peers: readonly NetworkPolicyPeer[] | undefined, at: Path): readonly string[] {
  return (peers ?? []).flatMap(({ ipBlock }, index) => {
    if (!ipBlock) return []
    const path = at.index(index).child('ipBlock')
    return [
      ...warningsForCIDR(path.child('cidr'), ipBlock.cidr),
      ...(ipBlock.except ?? []).flatMap((cidr, i) => warningsForCIDR(path.child('except').index(i), cidr)),
    ]
  })
}
