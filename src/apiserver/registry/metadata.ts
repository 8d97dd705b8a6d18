import type { Draft } from '#api'
import type { Clock } from '#base'
import { badRequest } from '#machinery'
import type { KubeObject } from '#machinery'

type Metadata = Draft<KubeObject>['metadata']

/** Removes what only the server may say of a new object. */
export function wipeSystemFields(metadata: Metadata): void {
  delete metadata.creationTimestamp
  delete metadata.uid
  delete metadata.deletionTimestamp
  delete metadata.deletionGracePeriodSeconds
  delete metadata.selfLink
}

/** Nothing that is stored says where it is found. The metadata belongs to the caller. */
export function dropSelfLink(object: KubeObject): void {
  const metadata = object.metadata as Metadata
  if (metadata.selfLink !== undefined) delete metadata.selfLink
}

/** Says when a new object came to be, and who it is. */
export function fillSystemFields(metadata: Metadata, clock: Clock): void {
  metadata.creationTimestamp = timestamp(clock.now())
  metadata.uid = newUid(clock)
}

/** The second that was written last, and its text: times of requests are the same for a second. */
let lastSecond = NaN
let lastTimestamp = ''

/** `2026-01-02T03:04:05Z`, the API's form of times. */
export function timestamp(milliseconds: number): string {
  const second = Math.floor(milliseconds / 1000)
  if (second !== lastSecond) {
    lastTimestamp = `${new Date(second * 1000).toISOString().slice(0, 19)}Z`
    lastSecond = second
  }
  return lastTimestamp
}

/** A random UUID (version 4). */
export function newUid(clock: Clock): string {
  const bytes = clock.randomBytes(16)
  bytes[6] = ((bytes[6] ?? 0) & 0x0f) | 0x40
  bytes[8] = ((bytes[8] ?? 0) & 0x3f) | 0x80
  let text = ''
  for (let index = 0; index < 16; index++) {
    if (index === 4 || index === 6 || index === 8 || index === 10) text += '-'
    text += hexPairs[bytes[index] ?? 0]
  }
  return text
}

const hexPairs: readonly string[] = Array.from({ length: 256 }, (_, byte) => byte.toString(16).padStart(2, '0'))

/** Letters of generated names: no vowels, and nothing that reads like another. */
const nameLetters = 'bcdfghjklmnpqrstvwxz2456789'
const longestGeneratedBase = 58

/** `base` (shortened so that the whole is a valid name) and five random characters. */
export function generateName(base: string, clock: Clock): string {
  let suffix = ''
  for (const byte of clock.randomBytes(5)) suffix += nameLetters[byte % nameLetters.length]
  return base.slice(0, longestGeneratedBase) + suffix
}

/**
 * Makes the object's namespace that of the request.
 * @throws StatusError BadRequest when the object names another.
 */
export function matchNamespace(metadata: Metadata, requestNamespace: string): void {
  const own = metadata.namespace ?? ''
  if (own === requestNamespace) return
  if (requestNamespace === '') delete metadata.namespace
  else if (own === '') metadata.namespace = requestNamespace
  else throw badRequest('the namespace of the provided object does not match the namespace sent on the request')
}
