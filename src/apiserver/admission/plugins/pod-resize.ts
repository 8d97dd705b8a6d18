import type { Node, Pod } from '#api/core/v1'
import { podAmounts, Quantity, quote, StatusError } from '#machinery'
import type { Services } from '../../services.ts'
import type { AdmissionAttributes, AdmissionPlugin } from '../admission.ts'
import { draftOf, isAbout, oldOf, refused } from '../refusal.ts'

const osLabel = 'kubernetes.io/os'

/** A pod that runs asks for no more than its node has at all, and only Linux can give it more (KEP-1287). */
export function podResizeValidator({ peek }: Services): Omit<AdmissionPlugin, 'name'> {
  return {
    operations: ['UPDATE'],
    resources: ['/pods'],
    validate(attributes) {
      if (!isAbout(attributes, '', 'pods', 'resize')) return
      const pod = draftOf<Pod>(attributes) as Pod
      const nodeName = pod.spec?.nodeName ?? ''
      if (nodeName === '' || pod.metadata.generation === oldOf<Pod>(attributes)?.metadata.generation) return
      const node = peek<Node>('', 'nodes', '', nodeName)
      if (!node) throw refused(attributes, `node ${quote(nodeName)} not found`)
      const os = node.metadata.labels?.[osLabel] ?? 'linux'
      if (os !== 'linux') {
        const why = `pod resize is only supported on linux nodes, node ${quote(nodeName)} is ${quote(os)}`
        throw refusedFor('UnsupportedPlatform', why, attributes)
      }
      const lacking = lackOf(pod, node)
      if (lacking.length > 0) {
        const why = `node didn't have enough allocatable resources: ${lacking.join('; ')}`
        throw refusedFor('NodeCapacity', why, attributes)
      }
    },
  }
}

/** What a pod asks for beyond all that its node has. */
function lackOf(pod: Pod, { status }: Node): readonly string[] {
  const requests = podAmounts(pod, 'requests')
  const told: readonly [string, (amount: Quantity) => number][] = [
    ['cpu', (amount) => amount.milliValue()],
    ['memory', (amount) => amount.value()],
  ]
  return told.flatMap(([name, numberOf]) => {
    const [asked, has] = [requests.get(name), Quantity.parse(status?.allocatable?.[name] ?? '0')]
    if (!asked || asked.compare(has) <= 0) return []
    return [`${name}, requested: ${numberOf(asked)}, allocatable: ${numberOf(has)}`]
  })
}

function refusedFor(reason: string, why: string, attributes: AdmissionAttributes): StatusError {
  const { status } = refused(attributes, why)
  const causes = [...(status.details?.causes ?? []), { reason }]
  return new StatusError({ ...status, details: { ...status.details, causes } })
}
