import type { ContainerPort } from '#api/core/v1'
import { duplicate, invalidValue, isPortName, isPortNumber, notSupported, required } from '#machinery'
import type { FieldError, Path } from '#machinery'
import type { AnyContainer } from '../visit.ts'

const protocols = ['SCTP', 'TCP', 'UDP']

export function validatePorts(ports: readonly ContainerPort[] = [], path: Path): FieldError[] {
  const errors: FieldError[] = []
  const names = new Set<string>()
  for (const [index, { name = '', containerPort, hostPort = 0, protocol }] of ports.entries()) {
    const problems = name === '' ? [] : isPortName(name)
    const at = path.index(index)
    if (problems.length > 0) {
      for (const problem of problems) errors.push(invalidValue(at.child('name'), name, problem))
    } else if (name !== '' && names.has(name)) errors.push(duplicate(at.child('name'), name))
    else if (name !== '') names.add(name)
    if (containerPort === 0) errors.push(required(at.child('containerPort')))
    else {
      for (const problem of isPortNumber(containerPort))
        errors.push(invalidValue(at.child('containerPort'), containerPort, problem))
    }
    if (hostPort !== 0) {
      for (const problem of isPortNumber(hostPort)) errors.push(invalidValue(at.child('hostPort'), hostPort, problem))
    }
    if (!protocol) errors.push(required(at.child('protocol')))
    else if (!protocols.includes(protocol)) errors.push(notSupported(at.child('protocol'), protocol, protocols))
  }
  return errors
}

/** No two containers that run at the same time take the same port of the host. */
export function validateHostPorts(containers: readonly AnyContainer[], path: Path): FieldError[] {
  const errors: FieldError[] = []
  const taken = new Set<string>()
  for (const [index, { ports = [] }] of containers.entries()) {
    for (const [place, { protocol = '', hostIP = '', hostPort = 0 }] of ports.entries()) {
      if (hostPort === 0) continue
      const key = `${protocol}/${hostIP}/${hostPort}`
      if (taken.has(key)) errors.push(duplicate(path.index(index).child('ports').index(place).child('hostPort'), key))
      else taken.add(key)
    }
  }
  return errors
}
