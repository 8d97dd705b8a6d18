import type { Node } from '#api/core/v1'
import { deepEqual } from '#base'
import { quote } from '#machinery'
import { draftOf, oldOf, refused } from '../../refusal.ts'
import type { Restriction } from './index.ts'

/** A node writes its own object, but not what decides which pods it gets. */
export const nodeObject: Restriction = (node, attributes) => {
  const { operation, name, object } = attributes
  const requested = name || (object?.metadata.name ?? '')
  if (requested !== node)
    throw refused(attributes, `node ${quote(node)} is not allowed to modify node ${quote(requested)}`)
  if (operation === 'DELETE') return
  const { metadata, spec } = draftOf<Node>(attributes)
  const old = oldOf<Node>(attributes)
  const forbidden = changedLabels(metadata.labels, old?.metadata.labels).filter(isForbidden).sort()
  if (!old) {
    if (spec.configSource !== undefined)
      throw refused(attributes, `node ${quote(node)} is not allowed to create pods with a non-nil configSource`)
    if (forbidden.length > 0)
      throw refused(
        attributes,
        `node ${quote(node)} is not allowed to set the following labels: ${forbidden.join(', ')}`,
      )
    return
  }
  if (spec.configSource !== undefined && !deepEqual(spec.configSource, old.spec.configSource))
    throw refused(attributes, `node ${quote(node)} is not allowed to update configSource to a new non-nil configSource`)
  if (!deepEqual(spec.taints ?? [], old.spec.taints ?? []))
    throw refused(attributes, `node ${quote(node)} is not allowed to modify taints`)
  if (!deepEqual(metadata.ownerReferences ?? [], old.metadata.ownerReferences ?? []))
    throw refused(attributes, `node ${quote(node)} is not allowed to modify ownerReferences`)
  if (forbidden.length > 0) throw refused(attributes, `is not allowed to modify labels: ${forbidden.join(', ')}`)
}

interface Labels {
  readonly [label: string]: string
}

function changedLabels(labels: Labels = {}, old: Labels = {}): string[] {
  const names = new Set([...Object.keys(labels), ...Object.keys(old)])
  return [...names].filter((name) => labels[name] !== old[name])
}

const ownLabels: ReadonlySet<string> = new Set([
  'kubernetes.io/hostname',
  'topology.kubernetes.io/zone',
  'topology.kubernetes.io/region',
  'failure-domain.beta.kubernetes.io/zone',
  'failure-domain.beta.kubernetes.io/region',
  'beta.kubernetes.io/instance-type',
  'node.kubernetes.io/instance-type',
  'kubernetes.io/os',
  'kubernetes.io/arch',
  'beta.kubernetes.io/os',
  'beta.kubernetes.io/arch',
])

/** Labels by which workloads are kept off nodes are not for nodes; nor are those of Kubernetes that are not known to be. */
function isForbidden(label: string): boolean {
  const slash = label.indexOf('/')
  const domain = slash < 0 ? '' : label.slice(0, slash)
  const within = (parent: string): boolean => domain === parent || domain.endsWith(`.${parent}`)
  if (within('node-restriction.kubernetes.io')) return true
  if (!within('kubernetes.io') && !within('k8s.io')) return false
  return !ownLabels.has(label) && !within('kubelet.kubernetes.io') && !within('node.kubernetes.io')
}
