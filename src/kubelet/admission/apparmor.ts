import type { Pod } from '#api/core/v1'
import { allContainers, specOf } from '../pods/containers.ts'
import type { Refusal } from './fit.ts'

/** Whether the node can hold a pod to the AppArmor profiles that it asks for. */
export function canConfine(pod: Pod, hasAppArmor: boolean): Refusal | undefined {
  if (hasAppArmor) return undefined
  const contexts = [specOf(pod).securityContext, ...allContainers(pod).map(({ securityContext }) => securityContext)]
  const isWanted = contexts.some((context) => (context?.appArmorProfile?.type ?? 'Unconfined') !== 'Unconfined')
  if (!isWanted) return undefined
  return { reason: 'AppArmor', message: 'Cannot enforce AppArmor: AppArmor is not enabled on the host' }
}
