import type { Container, ContainerRestartRule, ContainerStatus, PodSpec, PodStatus } from '#api/core/v1'
import { fieldForbidden } from '#machinery'
import type { FieldError, Path } from '#machinery'

/** A container that ended, and does not start again, stays ended. */
export function validateTransitions(status: PodStatus, before: PodStatus, spec: PodSpec, path: Path): FieldError[] {
  const ephemeral = validateList(
    status.ephemeralContainerStatuses,
    before.ephemeralContainerStatuses,
    () => false,
    path.child('ephemeralContainerStatuses'),
  )
  if (restartsAll(spec)) return ephemeral
  const again = (containers: readonly Container[] = []): ((name: string, exitCode: number) => boolean) => {
    const byName = new Map(containers.map((container) => [container.name, container]))
    return (name, exitCode) => {
      const container = byName.get(name)
      return container !== undefined && restarts(container, spec, exitCode)
    }
  }
  return [
    ...validateList(
      status.containerStatuses,
      before.containerStatuses,
      again(spec.containers),
      path.child('containerStatuses'),
    ),
    ...validateList(
      status.initContainerStatuses,
      before.initContainerStatuses,
      again(spec.initContainers),
      path.child('initContainerStatuses'),
    ),
    ...ephemeral,
  ]
}

function validateList(
  statuses: readonly ContainerStatus[] = [],
  before: readonly ContainerStatus[] = [],
  mayRestart: (name: string, exitCode: number) => boolean,
  path: Path,
): FieldError[] {
  const going = new Set(statuses.filter(({ state }) => !state?.terminated).map(({ name }) => name))
  return before.flatMap(({ name, state }, index) => {
    const ended = state?.terminated
    if (!ended) return []
    if (!going.has(name) || mayRestart(name, ended.exitCode)) return []
    return [fieldForbidden(path.index(index).child('state'), 'may not be transitioned to non-terminated state')]
  })
}

/** The end of one container may start all others again. */
function restartsAll({ initContainers = [], containers }: PodSpec): boolean {
  return [...initContainers, ...(containers ?? [])].some(({ restartPolicyRules = [] }) =>
    restartPolicyRules.some(({ action }) => action === 'RestartAllContainers'),
  )
}

/** Rules of the container come first, then its policy, then the pod's. */
function restarts({ restartPolicy, restartPolicyRules = [] }: Container, spec: PodSpec, exitCode: number): boolean {
  if (restartPolicy !== undefined && restartPolicyRules.some((rule) => matches(rule, exitCode))) return true
  switch (restartPolicy ?? spec.restartPolicy) {
    case 'OnFailure':
      return exitCode !== 0
    case 'Never':
      return false
    default:
      return true
  }
}

function matches({ exitCodes }: ContainerRestartRule, exitCode: number): boolean {
  const named = (exitCodes?.values ?? []).includes(exitCode)
  return exitCodes?.operator === 'In' ? named : exitCodes?.operator === 'NotIn' && !named
}
