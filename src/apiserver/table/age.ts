import { humanDuration } from '#machinery'
import type { KubeObject } from '#machinery'

/** Time since an object was made, as tables show it. `now` is milliseconds since 1970. */
export function ageOf({ metadata }: KubeObject, now: number): string {
  const made = metadata.creationTimestamp
  return made === undefined ? '<unknown>' : humanDuration(now - Date.parse(made))
}
