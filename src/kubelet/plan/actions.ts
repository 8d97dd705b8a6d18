import type { Container, Pod } from '#api/core/v1'
import { isRestartable, matchingRestartRule, specOf } from '../pods/containers.ts'
import { observed, type ContainerObservation, type PodObservation } from '../runtime/pod-runtime.ts'
import { planInitContainers } from './init-actions.ts'
import { planResize } from './resize.ts'
import { hasAnyAppContainer, hasHadItsRun, hasStarted, startsAgain } from './restart.ts'
import { judgeSandbox } from './sandbox-changed.ts'
import type { ContainerToKill, ContainerToReset, KillReason, PlanDraft, PlanInput, PodActions } from './types.ts'

/** Decides what to do about a pod. Pure: the same input gives the same plan. */
export function planPod(input: PlanInput): PodActions {
  const { pod, observation } = input
  const { needsNew, attempt, sandboxId } = judgeSandbox(pod, observation)
  const still: PodActions = {
    killPod: needsNew,
    createSandbox: needsNew,
    ...(sandboxId === undefined ? {} : { sandboxId }),
    attempt,
    initContainersToStart: [],
    containersToStart: [],
    ephemeralContainersToStart: [],
    containersToKill: [],
    containersToReset: [],
    containersToUpdate: [],
    resizesPod: false,
  }
  if (input.restartAllContainers) return { ...still, containersToReset: planReset(pod, observation) }
  return needsNew ? planNewSandbox(pod, observation, still) : planWithinSandbox(input, still)
}

function planNewSandbox(pod: Pod, observation: PodObservation, still: PodActions): PodActions {
  const spec = specOf(pod)
  if (spec.restartPolicy === 'Never' && hasHadItsRun(pod, observation)) return { ...still, createSandbox: false }
  const containersToStart = indexesOf(spec.containers, (container) => {
    const policy = container.restartPolicy ?? spec.restartPolicy
    if (spec.restartPolicy === 'Never' && policy === 'Never') return !hasStarted(observation, container)
    return !(policy === 'OnFailure' && hasSucceeded(observed(observation, container.name)))
  })
  if (containersToStart.length === 0 && hasAnyAppContainer(pod, observation)) return { ...still, createSandbox: false }
  if ((spec.initContainers ?? []).length > 0) return { ...still, initContainersToStart: [0] }
  return { ...still, containersToStart }
}

function hasSucceeded(container: ContainerObservation | undefined): boolean {
  return container?.state === 'exited' && container.exitCode === 0
}

function planWithinSandbox(input: PlanInput, still: PodActions): PodActions {
  const { pod, observation } = input
  const spec = specOf(pod)
  const ephemeralContainersToStart = indexesOf(
    spec.ephemeralContainers ?? [],
    ({ name }) => observed(observation, name) === undefined,
  )
  const draft: PlanDraft = {
    killPod: false,
    initContainersToStart: [],
    containersToStart: [],
    containersToKill: [],
    containersToUpdate: [],
    resizesPod: false,
  }
  const isInitialized = planInitContainers(input, draft)
  if (isInitialized && !draft.killPod) {
    const kept = planAppContainers(input, draft)
    if (kept === 0 && draft.containersToStart.length === 0) {
      draft.killPod = true
      draft.initContainersToStart = []
    }
  }
  const resizesPod = !draft.killPod && (draft.resizesPod || input.resizesWhole)
  return { ...still, ...draft, resizesPod, ephemeralContainersToStart }
}

/** Returns how many containers stay as they are. */
function planAppContainers(input: PlanInput, draft: PlanDraft): number {
  const { pod, observation } = input
  const spec = specOf(pod)
  let kept = 0
  for (const [index, container] of spec.containers.entries()) {
    const current = observed(observation, container.name)
    if (current?.state !== 'running') {
      if (!startsAgain(container, pod, observation)) continue
      draft.containersToStart.push(index)
      if (current?.state === 'unknown') draft.containersToKill.push(killUnknown(container, current))
      continue
    }
    const fault = faultOf(container, current, input)
    if (!fault) {
      if (!planResize(input, draft, container, current.id)) draft.containersToStart.push(index)
      kept++
      continue
    }
    const restarts = fault.restart || (container.restartPolicy ?? spec.restartPolicy) !== 'Never'
    if (restarts) draft.containersToStart.push(index)
    const message = restarts ? `${fault.message}, will be restarted` : fault.message
    draft.containersToKill.push({ id: current.id, container, message, reason: fault.reason })
  }
  return kept
}

function killUnknown(container: Container, { id }: ContainerObservation): ContainerToKill {
  return { id, container, message: 'Container is in "unknown" state, try killing it before restart', reason: 'Unknown' }
}

interface Fault {
  readonly message: string
  readonly reason: KillReason
  /** Starts again whatever the restart policy says. */
  readonly restart?: boolean
}

/** Why a running container can't stay, `undefined` when it can. */
function faultOf(container: Container, current: ContainerObservation, input: PlanInput): Fault | undefined {
  const { name } = container
  if (input.hash(container) !== current.hash) {
    return { message: `Container ${name} definition changed`, reason: 'Unknown', restart: true }
  }
  if (input.liveness(current.id) === 'failure') {
    return { message: `Container ${name} failed liveness probe`, reason: 'LivenessProbe' }
  }
  if (input.startup(current.id) === 'failure') {
    return { message: `Container ${name} failed startup probe`, reason: 'StartupProbe' }
  }
  return undefined
}

/** Everything goes, those that asked for the reset last: until then they tell what is under way. */
function planReset(pod: Pod, observation: PodObservation): ContainerToReset[] {
  const { initContainers = [], containers } = specOf(pod)
  const of = (
    list: readonly Container[],
  ): { readonly sources: ContainerToReset[]; readonly targets: ContainerToReset[] } => {
    const sources: ContainerToReset[] = []
    const targets: ContainerToReset[] = []
    for (const container of list) {
      for (const { id, name, state, exitCode } of observation.containers) {
        if (name !== container.name) continue
        const asked = state === 'exited' && matchingRestartRule(container, exitCode)?.action === 'RestartAllContainers'
        ;(asked ? sources : targets).push({ id, container, kill: state !== 'exited' })
      }
    }
    return { sources, targets }
  }
  const init = of(initContainers)
  const app = of(containers)
  return [...app.targets, ...init.targets, ...app.sources, ...init.sources]
}

function indexesOf<T>(list: readonly T[], wanted: (item: T) => boolean): number[] {
  const indexes: number[] = []
  for (const [index, item] of list.entries()) if (wanted(item)) indexes.push(index)
  return indexes
}

/** A pod that can't start again once its containers were killed. */
export function runsOnce(pod: Pod): boolean {
  const spec = specOf(pod)
  return spec.restartPolicy === 'Never' && !spec.containers.some((container) => isRestartable(container, spec))
}
