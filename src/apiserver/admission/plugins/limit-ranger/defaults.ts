import type { Draft } from '#api'
import type { Container, LimitRange, Pod } from '#api/core/v1'

/** Annotation that tells whoever wonders where the figures come from. */
const annotation = 'kubernetes.io/limit-ranger'

interface Amounts {
  readonly [resource: string]: string
}

/** Gives containers the requests and limits that they leave open and the range has defaults for. */
export function setDefaults(pod: Draft<Pod>, { spec }: LimitRange): void {
  const ofContainers = (spec.limits ?? []).filter(({ type }) => type === 'Container')
  const requests: Amounts = Object.assign({}, ...ofContainers.map(({ defaultRequest }) => defaultRequest ?? {}))
  const limits: Amounts = Object.assign({}, ...ofContainers.map((item) => item.default ?? {}))
  const told = [
    ...(pod.spec.containers ?? []).flatMap((container) => fill(container, 'container', requests, limits)),
    ...(pod.spec.initContainers ?? []).flatMap((container) => fill(container, 'init container', requests, limits)),
  ]
  if (told.length === 0) return
  pod.metadata.annotations = {
    ...pod.metadata.annotations,
    [annotation]: `LimitRanger plugin set: ${told.join('; ')}`,
  }
}

/** Fills one container; answers what was set. */
function fill(container: Draft<Container>, what: string, requests: Amounts, limits: Amounts): readonly string[] {
  const resources = container.resources ?? {}
  const open = (from: Amounts, own: Amounts = {}): readonly string[] =>
    Object.keys(from)
      .filter((name) => own[name] === undefined)
      .sort()
  const openRequests = open(requests, resources.requests)
  const openLimits = open(limits, resources.limits)
  if (openRequests.length > 0) resources.requests = { ...resources.requests, ...pick(requests, openRequests) }
  if (openLimits.length > 0) resources.limits = { ...resources.limits, ...pick(limits, openLimits) }
  container.resources = resources
  const told = (names: readonly string[], kind: string): readonly string[] =>
    names.length === 0 ? [] : [`${names.join(', ')} ${kind} for ${what} ${container.name}`]
  return [...told(openRequests, 'request'), ...told(openLimits, 'limit')]
}

function pick(from: Amounts, names: readonly string[]): Amounts {
  return Object.fromEntries(names.map((name) => [name, from[name] ?? '']))
}
