import { messageOf } from '#base'
import { parseImage, withoutTag } from './reference.ts'

export const verificationPolicies = [
  'NeverVerify',
  'NeverVerifyPreloadedImages',
  'NeverVerifyAllowlistedImages',
  'AlwaysVerify',
] as const

/** Whose images a pod has to show credentials for, though they are on the machine. */
export type VerificationPolicy = (typeof verificationPolicies)[number]

/** Says whether a pod has to show credentials for an image; `pulledHere` is one that the agent has pulled. */
export type VerifiesImage = (image: string, pulledHere: boolean) => boolean

/**
 * @param allowed images that need no credentials: repositories, or their beginnings with `/*` at the end.
 * @throws TypeError when one of them is neither.
 */
export function verificationBy(policy: VerificationPolicy, allowed: readonly string[]): VerifiesImage {
  const patterns = allowed.map(checked)
  switch (policy) {
    case 'NeverVerify':
      return () => false
    case 'AlwaysVerify':
      return () => true
    case 'NeverVerifyPreloadedImages':
      return (_, pulledHere) => pulledHere
    case 'NeverVerifyAllowlistedImages':
      return (image) => {
        const name = withoutTag(image)
        return !patterns.some((pattern) =>
          pattern.endsWith('/*') ? name.startsWith(pattern.slice(0, -1)) : name === pattern,
        )
      }
  }
}

function checked(pattern: string): string {
  const refuse = (why: string): never => {
    throw new TypeError(`read configuration: preloadedImagesVerificationAllowlist: ${why}`)
  }
  if (pattern !== pattern.trim()) refuse(`leading/trailing spaces are not allowed: ${pattern}`)
  const isWildcard = pattern.endsWith('/*')
  const stem = isWildcard ? pattern.slice(0, -1) : pattern
  if (stem === '') refuse(`the supplied pattern is too short: ${pattern}`)
  if (stem.includes('*')) {
    refuse(`not a valid wildcard pattern, only patterns ending with '/*' are allowed: ${pattern}`)
  }
  if (isWildcard) return stem.length > 1 ? pattern : refuse('at least registry hostname is required')
  try {
    parseImage(stem)
  } catch (error) {
    refuse(`failed to parse as an image name: ${messageOf(error)}`)
  }
  if (withoutTag(stem) !== stem) refuse(`neither tag nor digest is accepted in an image reference: ${pattern}`)
  return pattern
}
