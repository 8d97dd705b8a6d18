import type { Container, Pod } from '#api/core/v1'
import { isRestartableInitContainer, specOf } from '../pods/containers.ts'
import { activeContainers, observed, type ContainerObservation, type PodObservation } from '../runtime/pod-runtime.ts'
import { planResize } from './resize.ts'
import { hasFailed, startsAgain } from './restart.ts'
import type { PlanDraft, PlanInput } from './types.ts'

/** What is decided about one init container. */
interface Step {
  /** This one ends the search: what stands before it in the list was done earlier. */
  readonly initialized?: boolean
  readonly failed?: boolean
}

/**
 * Plans init containers, sidecars among them. They are looked at from the last to the first, because the newest one that
 * exists tells how far initialization has come.
 *
 * @returns whether app containers may start.
 */
export function planInitContainers(input: PlanInput, draft: PlanDraft): boolean {
  const { initContainers = [] } = specOf(input.pod)
  if (initContainers.length === 0) return true
  const appStarted = hasLiveAppContainer(input.pod, input.observation)
  let initialized = appStarted
  let reached = appStarted
  for (let index = initContainers.length - 1; index >= 0; index--) {
    const container = initContainers[index] as Container
    const current = observed(input.observation, container.name)
    const isSidecar = isRestartableInitContainer(container)
    if (!current) {
      if (reached && isSidecar) draft.initContainersToStart.push(index)
      continue
    }
    if (reached && !isSidecar) continue
    const isLast = index === initContainers.length - 1
    const next = isLast || reached ? undefined : index + 1
    const step = isSidecar
      ? planSidecar(input, draft, container, current, index, next)
      : planRegular(input, draft, container, current, index, next)
    if (step.failed) {
      draft.killPod = true
      draft.initContainersToStart = []
      return false
    }
    if (step.initialized && isLast) initialized = true
    reached = true
  }
  if (!reached) draft.initContainersToStart.push(0)
  draft.initContainersToStart.reverse()
  return initialized
}

/** Those of an earlier sandbox don't count: nothing has been initialized in the one that is there now. */
function hasLiveAppContainer(pod: Pod, observation: PodObservation): boolean {
  const active = activeContainers(observation)
  return specOf(pod).containers.some(({ name }) =>
    active.some(
      (container) => container.name === name && (container.state === 'created' || container.state === 'running'),
    ),
  )
}

function planRegular(
  input: PlanInput,
  draft: PlanDraft,
  container: Container,
  current: ContainerObservation,
  index: number,
  next: number | undefined,
): Step {
  switch (current.state) {
    case 'created':
      draft.initContainersToStart.push(index)
      return {}
    case 'running':
      if (!planResize(input, draft, container, current.id)) draft.initContainersToStart.push(index)
      return {}
    case 'exited':
      if (!hasFailed(current)) {
        if (next !== undefined) draft.initContainersToStart.push(next)
        return { initialized: true }
      }
      if (!startsAgain(container, input.pod, input.observation)) return { failed: true }
      draft.initContainersToStart.push(index)
      return {}
    case 'unknown':
      if ((container.restartPolicy ?? specOf(input.pod).restartPolicy) === 'Never') return { failed: true }
      killUnknown(draft, container, current)
      draft.initContainersToStart.push(index)
      return {}
  }
}

function planSidecar(
  input: PlanInput,
  draft: PlanDraft,
  container: Container,
  current: ContainerObservation,
  index: number,
  next: number | undefined,
): Step {
  if (current.state === 'unknown') killUnknown(draft, container, current)
  if (current.state !== 'running') {
    draft.initContainersToStart.push(index)
    return {}
  }
  if (container.startupProbe) {
    const startup = input.startup(current.id)
    if (startup !== 'success') {
      if (startup === 'failure') restart(draft, container, current, index, 'StartupProbe', 'failed startup probe')
      return {}
    }
  }
  if (next !== undefined) draft.initContainersToStart.push(next)
  if (input.hash(container) !== current.hash) {
    restart(draft, container, current, index, 'Unknown', 'definition changed')
  } else if (container.livenessProbe && input.liveness(current.id) === 'failure') {
    restart(draft, container, current, index, 'LivenessProbe', 'failed liveness probe')
  } else if (!planResize(input, draft, container, current.id)) {
    draft.initContainersToStart.push(index)
  }
  return { initialized: true }
}

function restart(
  draft: PlanDraft,
  container: Container,
  current: ContainerObservation,
  index: number,
  reason: 'StartupProbe' | 'LivenessProbe' | 'Unknown',
  what: string,
): void {
  draft.containersToKill.push({
    id: current.id,
    container,
    message: `Init container ${container.name} ${what}`,
    reason,
  })
  draft.initContainersToStart.push(index)
}

function killUnknown(draft: PlanDraft, container: Container, { id }: ContainerObservation): void {
  const message = 'Init container is in "unknown" state, try killing it before restart'
  draft.containersToKill.push({ id, container, message, reason: 'Unknown' })
}
