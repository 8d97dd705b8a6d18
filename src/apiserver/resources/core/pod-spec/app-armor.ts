import type { AppArmorProfile } from '#api/core/v1'

/** Annotations that name a container's profile begin with this; its name follows. */
export const appArmorPrefix = 'container.apparmor.security.beta.kubernetes.io/'
const localhostPrefix = 'localhost/'

/** The profile that the value of such an annotation means; `undefined` when it means none. */
export function appArmorProfileOf(annotation: string): AppArmorProfile | undefined {
  if (annotation === 'unconfined') return { type: 'Unconfined' }
  if (annotation === 'runtime/default') return { type: 'RuntimeDefault' }
  if (!annotation.startsWith(localhostPrefix) || annotation === localhostPrefix) return undefined
  return { type: 'Localhost', localhostProfile: annotation.slice(localhostPrefix.length) }
}
