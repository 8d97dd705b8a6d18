import type { ContainerPort, PodSpec } from '#api/core/v1'
import { quote } from '#machinery'
import type { Path } from '#machinery'
import { containersWithPath } from '../visit.ts'

interface Placed {
  readonly port: ContainerPort
  readonly at: string
}

/** Ports that stand in each other's way, and names that stand for several. */
export function portWarnings(spec: PodSpec, path: Path): string[] {
  const ports: Placed[] = []
  for (const [container, containerPath] of containersWithPath(spec, path)) {
    const list = containerPath.child('ports')
    for (const [index, port] of (container.ports ?? []).entries())
      ports.push({ port, at: list.index(index).toString() })
  }
  return [...clashes(ports), ...sharedNames(ports)]
}

function clashes(ports: readonly Placed[]): string[] {
  return ports.flatMap(({ port, at }, index) => {
    const { hostIP = '', hostPort = 0 } = port
    const warnings = hostIP !== '' && hostPort === 0 ? [`${at}: hostIP set without hostPort: ${shown(port)}`] : []
    for (const other of ports.slice(0, index)) {
      if (other.port.containerPort !== port.containerPort || other.port.protocol !== port.protocol) continue
      const clash = clashOf(port, other.port)
      if (clash !== undefined) warnings.push(`${at}: ${clash} port definition with ${other.at}`)
    }
    return warnings
  })
}

function clashOf(port: ContainerPort, other: ContainerPort): string | undefined {
  const { hostIP = '', hostPort = 0 } = port
  const { hostIP: otherIP = '', hostPort: otherPort = 0 } = other
  if (hostIP === otherIP && hostPort === otherPort) return 'duplicate'
  if (hostPort === 0 || otherPort === 0) return 'overlapping'
  return hostPort === otherPort && (hostIP === '') !== (otherIP === '') ? 'dangerously ambiguous' : undefined
}

const shown = ({ name = '', hostPort = 0, containerPort, protocol = 'TCP', hostIP = '' }: ContainerPort): string =>
  `{Name:${name} HostPort:${hostPort} ContainerPort:${containerPort} Protocol:${protocol} HostIP:${hostIP}}`

function sharedNames(ports: readonly Placed[]): string[] {
  const first = new Map<string, string>()
  const warnings: string[] = []
  for (const { port, at } of ports) {
    const { name = '' } = port
    if (name === '') continue
    const other = first.get(name)
    if (other === undefined) first.set(name, at)
    else {
      const why = `services and probes that select ports by name will use ${other}`
      warnings.push(`${at}: duplicate port name ${quote(name)} with ${other}, ${why}`)
    }
  }
  return warnings
}
