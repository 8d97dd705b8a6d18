import type { Draft } from '#api'
import type { Node } from '#api/core/v1'
import { Path, warningsForCIDR } from '#machinery'
import type { KubeObject } from '#machinery'
import { statusRules } from '../../../resource/status-rules.ts'
import type { Strategy, UpdateRules } from '../../../resource/strategy.ts'
import { strategy } from '../../../resource/strategy.ts'
import { roundAmounts } from '../../common/amounts.ts'
import { validateNode, validateNodeUpdate } from './validation.ts'

/** One address block and a list of them say the same; what is allocatable is the capacity where nobody says else. */
export function defaultNode(draft: Draft<Node>): void {
  const { spec, status } = draft
  const { podCIDR = '', podCIDRs = [] } = spec ?? {}
  const [first] = podCIDRs
  if (spec && podCIDR !== '' && podCIDR !== first) spec.podCIDRs = [podCIDR]
  else if (spec && first !== undefined) spec.podCIDR = first
  roundAmounts(status?.capacity)
  roundAmounts(status?.allocatable)
  if (status?.capacity !== undefined) status.allocatable ??= { ...status.capacity }
}

/** What is sent empty is not stored, and then it is the capacity too. */
function fillAllocatable({ status }: Draft<Node>): void {
  if (status?.capacity === undefined || Object.keys(status.allocatable ?? {}).length > 0) return
  status.allocatable = { ...status.capacity }
}

export const nodeStrategy: Strategy = strategy<Node>({
  keepsStatusOnCreate: true,
  prepareForCreate: dropConfig,
  prepareForUpdate: dropConfig,
  validate: validateNode,
  validateUpdate: (node, old) => [...validateNode(node), ...validateNodeUpdate(node, old)],
  canonicalize: fillAllocatable,
  warningsOnCreate: warnings,
  warningsOnUpdate: warnings,
  fields: ({ spec }) => ({ 'spec.unschedulable': String(spec?.unschedulable ?? false) }),
})

export const nodeStatusRules: UpdateRules<KubeObject> = {
  ...statusRules,
  prepareForUpdate(draft, old, context) {
    statusRules.prepareForUpdate?.(draft, old, context)
    dropConfig(draft as Draft<Node>)
  },
  validateUpdate: (node, old) => validateNodeUpdate(node as Node, old as Node),
}

/** Kubelets are no longer configured through their nodes. */
function dropConfig(draft: Draft<Node>): void {
  if (draft.spec?.configSource) {
    const { configSource: _, ...spec } = draft.spec
    draft.spec = spec
  }
  if (draft.status?.config) {
    const { config: _, ...status } = draft.status
    draft.status = status
  }
}

function warnings({ spec }: Node): readonly string[] {
  const warned: string[] = []
  if (spec?.externalID) warned.push('spec.externalID: this field is deprecated, and is unused by Kubernetes')
  const path = Path.of('spec', 'podCIDRs')
  return [...warned, ...(spec?.podCIDRs ?? []).flatMap((cidr, index) => warningsForCIDR(path.index(index), cidr))]
}
