import { deepEqual, defer, sleep } from '#base'
import type { Clock, Logger } from '#base'
import type { Json } from '#api'
import { nodes } from '#api/core/v1'
import type { Node, NodeCondition, NodeStatus, ObjectReference, Taint } from '#api/core/v1'
import type { Client } from '#client'
import { isAlreadyExists, isForbidden } from '#machinery'
import type { KubeletConfiguration } from '../config/configuration.ts'
import type { LifeMetrics } from '../metrics/life-metrics.ts'
import type { RecordEvent } from '../record-event.ts'
import { statusDiff } from '../status/patch.ts'
import { adoptedResources } from './adopted-resources.ts'
import { transitionEvent } from './status.ts'

export interface ReporterOptions {
  readonly client: Client
  readonly clock: Clock
  readonly log: Logger
  readonly record: RecordEvent
  readonly nodeName: string
  readonly hostname: string
  readonly config: KubeletConfiguration
  readonly architecture: string
  readonly operatingSystem: string
  /** Labels that the node registers with, besides those every node has. */
  readonly labels: { readonly [key: string]: string }
  readonly taints: readonly Taint[]
  /** Whether no device plugin has ever been on the node, as far as it remembers. */
  readonly isNewToDevices: () => boolean
  /** Computes the status on top of the one the API has. */
  readonly status: (before: NodeStatus) => Promise<NodeStatus>
  readonly metrics: Pick<LifeMetrics, 'attemptsToRegister' | 'registered' | 'ready'>
  /** When the machine began, milliseconds since 1970, where that is known. */
  readonly bootedAt: number | undefined
}

const attachAnnotation = 'volumes.kubernetes.io/controller-managed-attach-detach'
/** Labels that stay right while the agent runs: the system's own. */
const systemLabels = ['kubernetes.io/os', 'kubernetes.io/arch']
/** Labels that are set right when the node was registered before, those of them that it would register with. */
const ownLabels = [
  ...systemLabels,
  'kubernetes.io/hostname',
  'topology.kubernetes.io/zone',
  'topology.kubernetes.io/region',
  'failure-domain.beta.kubernetes.io/zone',
  'failure-domain.beta.kubernetes.io/region',
  'node.kubernetes.io/instance-type',
  'beta.kubernetes.io/instance-type',
  'beta.kubernetes.io/os',
  'beta.kubernetes.io/arch',
]
const longestRetryMs = 7000

/** Registers the node, and tells the API its status: when it changes, and now and then when it does not. */
export class NodeReporter {
  readonly #options: ReporterOptions
  #node: Node | undefined
  /** Monotonic milliseconds of the last report. */
  #reportedAt = -Infinity
  #wake: (() => void) | undefined
  #poked = false
  #scheduled = true
  readonly #registered = defer<void>()

  constructor(options: ReporterOptions) {
    this.#options = options
  }

  /** The node as the API has it, as far as we know. */
  get node(): Node | undefined {
    return this.#node
  }

  /** Resolves when the API knows the node. */
  get registered(): Promise<void> {
    return this.#registered.promise
  }

  /** The API shows the node like this. */
  observe(node: Node): void {
    this.#node = node
    const isOn = node.spec.unschedulable !== true
    if (isOn === this.#scheduled) return
    this.#scheduled = isOn
    this.#tell(isOn ? 'NodeSchedulable' : 'NodeNotSchedulable')
  }

  /** Something in the status has changed: report it now. */
  poke(): void {
    this.#poked = true
    this.#wake?.()
  }

  async run(signal: AbortSignal): Promise<void> {
    const { clock, config, log } = this.#options
    if (config.registerNode) await this.#register(signal)
    if (!signal.aborted) this.#registered.resolve()
    while (!signal.aborted) {
      this.#poked = false
      try {
        await this.#report()
      } catch (error) {
        log.warn('The status of the node could not be reported', { error })
        await this.#refetch()
      }
      await this.#pause(config.nodeStatusUpdateFrequency * (1 + 0.04 * clock.random()), signal)
    }
  }

  async #pause(ms: number, signal: AbortSignal): Promise<void> {
    if (this.#poked) return
    const wake = new AbortController()
    this.#wake = () => wake.abort()
    await sleep(this.#options.clock, ms, AbortSignal.any([signal, wake.signal])).catch(() => {})
    this.#wake = undefined
  }

  async #register(signal: AbortSignal): Promise<void> {
    const { client, clock, log, metrics, bootedAt } = this.#options
    for (let wait = 100; !signal.aborted; wait = Math.min(longestRetryMs, wait * 2)) {
      try {
        const wanted: Node = { ...this.own(), status: await this.#options.status({}) }
        metrics.attemptsToRegister()
        try {
          this.#node = await client.create(nodes, wanted)
          metrics.registered(bootedAt)
          this.#noticeReady(wanted.status ?? {})
          this.#reportedAt = clock.monotonic()
          this.#tellTransitions({}, wanted.status ?? {})
        } catch (error) {
          // Who may not create nodes may have one all the same.
          if (!isAlreadyExists(error) && !isForbidden(error)) throw error
          this.#node = await this.#adopt(wanted)
        }
        return
      } catch (error) {
        log.warn('The node could not be registered, will try again', { error })
      }
      await sleep(clock, wait, signal).catch(() => {})
    }
  }

  /** The node as we would register it, without what it tells of itself in its status. */
  own(): Node {
    const { nodeName, hostname, config, labels, taints, operatingSystem, architecture } = this.#options
    const allTaints = [...config.registerWithTaints, ...taints]
    return {
      kind: 'Node',
      apiVersion: 'v1',
      metadata: {
        name: nodeName,
        labels: {
          'kubernetes.io/hostname': hostname,
          'kubernetes.io/os': operatingSystem,
          'kubernetes.io/arch': architecture,
          'beta.kubernetes.io/os': operatingSystem,
          'beta.kubernetes.io/arch': architecture,
          ...labels,
        },
        ...(config.enableControllerAttachDetach ? { annotations: { [attachAnnotation]: 'true' } } : {}),
      },
      spec: {
        ...(allTaints.length > 0 ? { taints: allTaints } : {}),
        ...(config.providerID === '' ? {} : { providerID: config.providerID }),
      },
    }
  }

  /** The node was registered before: only its own labels, annotation and resources are put right. */
  async #adopt(wanted: Node): Promise<Node> {
    const { client, nodeName, isNewToDevices } = this.#options
    const before = await this.#adoptNames(wanted, await client.get(nodes, { name: nodeName }))
    const status = before.status ?? {}
    const patch = statusDiff(status, adoptedResources(status, wanted.status ?? {}, isNewToDevices()))
    return patch === undefined ? before : this.#patchStatus({ status: patch })
  }

  async #adoptNames(wanted: Node, before: Node): Promise<Node> {
    const { client, nodeName } = this.#options
    const labels = wrongLabels(before, wanted, ownLabels)
    const attach = wanted.metadata.annotations?.[attachAnnotation]
    const isOff = before.metadata.annotations?.[attachAnnotation] !== attach
    if (Object.keys(labels).length === 0 && !isOff) return before
    const annotations = isOff ? { annotations: { [attachAnnotation]: attach ?? null } } : {}
    return client.patch(nodes, { name: nodeName }, { type: 'merge', patch: { metadata: { labels, ...annotations } } })
  }

  async #report(): Promise<void> {
    const { clock, config } = this.#options
    const node = this.#node ?? (await this.#refetch())
    const before = node?.status ?? {}
    const labels = node ? wrongLabels(node, this.own(), systemLabels) : {}
    const areLabelsRight = Object.keys(labels).length === 0
    const status = await this.#options.status(before)
    const isDue = clock.monotonic() - this.#reportedAt >= config.nodeStatusReportFrequency
    if (!isDue && areLabelsRight && sameStatus(before, status)) return
    this.#tellTransitions(before, status)
    this.#tellReboot(before, status)
    this.#noticeReady(status)
    const difference = statusDiff(before, status)
    if (difference === undefined && areLabelsRight) return
    this.#node = await this.#patchStatus({
      ...(difference === undefined ? {} : { status: difference }),
      ...(areLabelsRight ? {} : { metadata: { labels } }),
    })
    this.#reportedAt = clock.monotonic()
  }

  #patchStatus(patch: { readonly [field in 'status' | 'metadata']?: Json }): Promise<Node> {
    const { client, nodeName } = this.#options
    return client.patch(nodes, { name: nodeName }, { type: 'strategic', patch }, { subresource: 'status' })
  }

  async #refetch(): Promise<Node | undefined> {
    const { client, nodeName } = this.#options
    this.#node = await client.get(nodes, { name: nodeName }).catch(() => undefined)
    return this.#node
  }

  #tellTransitions(before: NodeStatus, after: NodeStatus): void {
    for (const condition of after.conditions ?? []) {
      const old = before.conditions?.find(({ type }) => type === condition.type)
      if (old?.status === condition.status || !isOwn(condition)) continue
      if (!old && condition.type === 'Ready') continue
      this.#tell(transitionEvent(condition))
    }
  }

  #noticeReady({ conditions = [] }: NodeStatus): void {
    const { metrics, bootedAt } = this.#options
    if (conditions.some(({ type, status }) => type === 'Ready' && status === 'True')) metrics.ready(bootedAt)
  }

  #tellReboot(before: NodeStatus, { nodeInfo }: NodeStatus): void {
    const { record, nodeName } = this.#options
    const was = before.nodeInfo?.bootID ?? ''
    const is = nodeInfo?.bootID ?? ''
    if (was === '' || was === is) return
    const message = `Node ${nodeName} has been rebooted, boot id: ${is}`
    record(nodeReference(nodeName), 'Warning', 'Rebooted', message)
  }

  #tell(event: string): void {
    const { record, nodeName } = this.#options
    record(nodeReference(nodeName), 'Normal', event, `Node ${nodeName} status is now: ${event}`)
  }
}

/** The node, as events of its agent refer to it. */
export const nodeReference = (name: string): ObjectReference => ({ kind: 'Node', apiVersion: 'v1', name, uid: name })

/** Of the labels that are named, those which a node has otherwise than wanted, as they are to be. */
function wrongLabels(node: Node, wanted: Node, names: readonly string[]): { readonly [name: string]: string } {
  const wrong: { [name: string]: string } = {}
  for (const name of names) {
    const value = wanted.metadata.labels?.[name]
    if (value !== undefined && node.metadata.labels?.[name] !== value) wrong[name] = value
  }
  return wrong
}

const isOwn = ({ type }: NodeCondition): boolean =>
  ['MemoryPressure', 'DiskPressure', 'PIDPressure', 'Ready'].includes(type)

/** Whether nothing but heartbeats differs. */
function sameStatus(a: NodeStatus, b: NodeStatus): boolean {
  const withoutBeat = ({ conditions = [], ...rest }: NodeStatus): object => ({
    ...rest,
    conditions: conditions.map((condition) => ({ ...condition, lastHeartbeatTime: undefined })),
  })
  return deepEqual(withoutBeat(a), withoutBeat(b))
}
