import type { Clock } from '#base'
import type { ObjectReference, Pod } from '#api/core/v1'
import type { KubeObject } from '#machinery'

/** An object, or a reference that was made already. */
export type Referable = KubeObject | ObjectReference

/**
 * The reference to an object that events and others keep.
 *
 * @throws Error when the object does not say its kind and version.
 */
export function referenceTo(object: Referable): ObjectReference {
  if (!('metadata' in object)) return object
  const { kind, apiVersion, metadata } = object
  if (!kind || !apiVersion) throw new Error('object has no kind and apiVersion')
  const { namespace, name, uid, resourceVersion } = metadata
  return {
    kind,
    ...(namespace ? { namespace } : {}),
    ...(name ? { name } : {}),
    ...(uid ? { uid } : {}),
    apiVersion,
    ...(resourceVersion ? { resourceVersion } : {}),
  }
}

/** The reference to a pod: those of lists don't say what they are. */
export const podReference = (pod: Pod): ObjectReference => referenceTo({ ...pod, kind: 'Pod', apiVersion: 'v1' })

const subdomain = /^[a-z0-9]([-a-z0-9]*[a-z0-9])?(\.[a-z0-9]([-a-z0-9]*[a-z0-9])?)*$/

/** Makes names of events: the object's name and a time. */
export class EventNames {
  readonly #clock: Clock
  #count = 0

  constructor(clock: Clock) {
    this.#clock = clock
  }

  /**
   * `<name>.<nanoseconds in hex>`; a UUID where the name can't be part of an event's name. The clock tells no
   * nanoseconds, so a count stands in for them: events of the same moment differ.
   */
  next(name: string): string {
    const micros = Math.floor(this.#clock.now() * 1000)
    const nanos = BigInt(micros) * 1000n + BigInt(this.#count++ % 1000)
    const full = `${name}.${nanos.toString(16)}`
    return full.length <= 253 && subdomain.test(full) ? full : this.#uuid()
  }

  #uuid(): string {
    const bytes = this.#clock.randomBytes(16)
    bytes[6] = ((bytes[6] ?? 0) & 0x0f) | 0x40
    bytes[8] = ((bytes[8] ?? 0) & 0x3f) | 0x80
    const hex = [...bytes].map((byte) => byte.toString(16).padStart(2, '0')).join('')
    return [hex.slice(0, 8), hex.slice(8, 12), hex.slice(12, 16), hex.slice(16, 20), hex.slice(20)].join('-')
  }
}
