import type { HostPort } from './pod-info.ts'

const anyAddress = '0.0.0.0'

/** The host ports that the pods of a node hold. */
export class HostPorts {
  /** Addresses by protocol and port; one for each pod that holds it. */
  readonly #held = new Map<string, string[]>()

  add(port: HostPort): void {
    const key = keyOf(port)
    const held = this.#held.get(key)
    if (held) held.push(port.ip)
    else this.#held.set(key, [port.ip])
  }

  remove(port: HostPort): void {
    const key = keyOf(port)
    const held = this.#held.get(key)
    const at = held?.indexOf(port.ip) ?? -1
    if (!held || at < 0) return
    held.splice(at, 1)
    if (held.length === 0) this.#held.delete(key)
  }

  /** Whether a port can't be had because it is held on the same address, or on all of them. */
  conflicts(port: HostPort): boolean {
    const held = this.#held.get(keyOf(port))
    if (!held) return false
    return port.ip === anyAddress || held.includes(anyAddress) || held.includes(port.ip)
  }

  copy(): HostPorts {
    const copy = new HostPorts()
    for (const [key, held] of this.#held) copy.#held.set(key, [...held])
    return copy
  }
}

function keyOf({ protocol, port }: HostPort): string {
  return `${protocol}/${port}`
}
