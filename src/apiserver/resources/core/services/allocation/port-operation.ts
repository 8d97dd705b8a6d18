import type { Draft } from '#api'
import type { Service, ServicePort } from '#api/core/v1'
import type { Clock } from '#base'
import { failure, internalError, invalidValue, Path } from '#machinery'
import { allocatesNodePorts, mayHaveNodePorts, needsHealthCheck, nodePortsOf } from '../fields.ts'
import type { AllocationScope } from '../../../../metrics/allocations.ts'
import { AllocationError } from './error.ts'
import { refuse } from './families.ts'
import type { PortSet } from './port-set.ts'

const portsPath = Path.of('spec', 'ports')

/** How one write takes node ports, be it in earnest or not. */
export interface PortSource {
  /** @throws AllocationError */
  take(port: number): void
  /** @throws AllocationError */
  takeAny(): number
}

/** A port, and whether it was asked for. */
export interface TakenPort {
  readonly port: number
  readonly scope: AllocationScope
}

/** Takes ports out of a set, and remembers which. @param failed told when one can't be had */
export function portsOf(
  ports: PortSet,
  clock: Clock,
  taken: TakenPort[],
  failed: (scope: AllocationScope) => void,
): PortSource {
  const take = (scope: AllocationScope, one: () => number): number => {
    try {
      const port = one()
      taken.push({ port, scope })
      return port
    } catch (error) {
      failed(scope)
      throw error
    }
  }
  return {
    take(port) {
      take('static', () => {
        ports.take(port)
        return port
      })
    },
    takeAny: () => take('dynamic', () => ports.takeAny(clock)),
  }
}

/** Ports for a dry run: those asked for are checked, others are made up. */
export function imaginedPorts(ports: PortSet): PortSource {
  const taken: number[] = []
  return {
    take(port) {
      if (ports.has(port) || taken.includes(port)) throw new AllocationError('provided port is already allocated')
      taken.push(port)
    },
    takeAny() {
      const port = (taken.length === 0 ? 32_768 : Math.max(...taken)) + 1
      taken.push(port)
      return port
    },
  }
}

/**
 * Takes the node ports of a new service, and writes them into it. `draft` has a spec of its own.
 * @throws StatusError
 */
export function takePorts(draft: Draft<Service>, source: PortSource): void {
  if (mayHaveNodePorts(draft)) takeNodePorts(draft, source)
  if (needsHealthCheck(draft)) takeHealthCheckPort(draft, source)
}

function takeNodePorts(draft: Draft<Service>, source: PortSource): void {
  const ports = draft.spec.ports ?? []
  // A port that is served by several protocols has one node port for all of them.
  const byPort = new Map<number, number>()
  for (const [index, port] of ports.entries()) {
    if (!port.nodePort && !allocatesNodePorts(draft)) continue
    const shared = byPort.get(port.port)
    if (shared === undefined) {
      const requested = ports.find((one) => one.port === port.port && one.nodePort)?.nodePort
      if (requested) takeRequested(draft, requested, index, source)
      port.nodePort = requested ?? takeAny(source)
      byPort.set(port.port, port.nodePort)
    } else if (!port.nodePort) port.nodePort = shared
    else if (port.nodePort !== shared) takeRequested(draft, port.nodePort, index, source)
  }
}

function takeRequested(draft: Draft<Service>, port: number, index: number, source: PortSource): void {
  try {
    source.take(port)
  } catch (error) {
    if (!(error instanceof AllocationError)) throw error
    refuse(draft, [invalidValue(portsPath.index(index).child('nodePort'), port, error.message)])
  }
}

function takeAny(source: PortSource): number {
  try {
    return source.takeAny()
  } catch (error) {
    if (error instanceof AllocationError) throw internalError(`failed to allocate a nodePort: ${error.message}`)
    throw error
  }
}

function takeHealthCheckPort(draft: Draft<Service>, source: PortSource): void {
  const { healthCheckNodePort: port } = draft.spec
  try {
    if (port) source.take(port)
    else draft.spec.healthCheckNodePort = source.takeAny()
  } catch (error) {
    if (!(error instanceof AllocationError)) throw error
    throw internalError(
      port
        ? `failed to allocate requested HealthCheck NodePort ${port}: ${error.message}`
        : `failed to allocate a HealthCheck NodePort 0: ${error.message}`,
    )
  }
}

/**
 * Takes what a changed service needs besides what it has; answers the ports it no longer needs. `draft` has a spec of
 * its own.
 * @throws StatusError
 */
export function changePorts(draft: Draft<Service>, old: Service, source: PortSource): readonly number[] {
  const before = nodePortsOf(old)
  const released: number[] = []
  if (mayHaveNodePorts(draft)) {
    takeFurtherPorts(draft, before, source)
    const now = nodePortsOf(draft)
    released.push(...before.filter((port) => !now.includes(port)))
  } else if (mayHaveNodePorts(old)) released.push(...before)
  const hadCheck = needsHealthCheck(old)
  if (!hadCheck && needsHealthCheck(draft)) takeHealthCheckPort(draft, source)
  if (hadCheck && !needsHealthCheck(draft)) released.push(old.spec.healthCheckNodePort ?? 0)
  return released
}

function takeFurtherPorts(draft: Draft<Service>, before: readonly number[], source: PortSource): void {
  const taken = new Set(before)
  const seen = new Set<string>()
  for (const [index, port] of (draft.spec.ports ?? []).entries()) {
    if (!port.nodePort && !allocatesNodePorts(draft)) continue
    if (!port.nodePort) port.nodePort = takeAny(source)
    else if (!taken.has(port.nodePort)) {
      takeRequested(draft, port.nodePort, index, source)
      taken.add(port.nodePort)
    }
    checkTwice(port, seen)
  }
}

function checkTwice({ protocol, nodePort = 0 }: Draft<ServicePort>, seen: Set<string>): void {
  const key = `${protocol} ${nodePort}`
  if (seen.has(key)) throw failure(500, '', `duplicate nodePort: {${key}}`)
  seen.add(key)
}
