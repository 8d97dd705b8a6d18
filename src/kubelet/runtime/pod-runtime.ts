import type { ContainerState, ContainerStatus, Mount, PodSandboxStatus } from './records.ts'

/** A container as the runtime has it, with what we noted in its labels and annotations when we made it. */
export interface ContainerObservation {
  readonly id: string
  readonly name: string
  readonly sandboxId: string
  readonly state: ContainerState
  readonly createdAt: number
  readonly startedAt: number
  readonly finishedAt: number
  readonly exitCode: number
  /** Name of the image as the runtime reports it, and its digests. */
  readonly image: string
  readonly imageId: string
  readonly imageRef: string
  readonly reason: string
  /** With the termination message at its end. */
  readonly message: string
  /** Hash of the specification it was made from. */
  readonly hash: string
  readonly restartCount: number
  readonly logPath: string
  readonly mounts: readonly Mount[]
  readonly resources?: NonNullable<ContainerStatus['resources']>
  readonly user?: NonNullable<ContainerStatus['user']>
}

/** What the runtime holds of one pod. */
export interface PodObservation {
  readonly uid: string
  readonly name: string
  readonly namespace: string
  /** Addresses of the newest sandbox, while it is ready. */
  readonly ips: readonly string[]
  /** The newest first. */
  readonly sandboxes: readonly PodSandboxStatus[]
  /** The newest first; several of one name are its restarts. */
  readonly containers: readonly ContainerObservation[]
}

/** The newest container of a name. */
export function observed(pod: PodObservation, name: string): ContainerObservation | undefined {
  return pod.containers.find((container) => container.name === name)
}

/** Containers of the sandbox that runs now. */
export function activeContainers(pod: PodObservation): readonly ContainerObservation[] {
  const sandbox = pod.sandboxes[0]
  if (sandbox?.state !== 'ready') return []
  return pod.containers.filter(({ sandboxId }) => sandboxId === sandbox.id)
}

/** A pod of which the runtime holds nothing. */
export function nothingObserved(uid: string, name: string, namespace: string): PodObservation {
  return { uid, name, namespace, ips: [], sandboxes: [], containers: [] }
}

/** Neither a container runs nor a sandbox is ready. */
export function isAtRest(pod: PodObservation): boolean {
  return (
    pod.containers.every(({ state }) => state !== 'running') && pod.sandboxes.every(({ state }) => state !== 'ready')
  )
}
