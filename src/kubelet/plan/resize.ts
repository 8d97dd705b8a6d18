import type { Container } from '#api/core/v1'
import type { Sizes } from '../allocation/sizes.ts'
import type { PlanDraft, PlanInput } from './types.ts'

/** What a running container needs to get from one size to another; its resize policy may ask for a restart. */
export function resizeNeed({ resizePolicy = [] }: Container, from: Sizes, to: Sizes): 'none' | 'update' | 'restart' {
  const cpu = from.cpuLimit !== to.cpuLimit || from.cpuRequest !== to.cpuRequest
  const memory = from.memoryLimit !== to.memoryLimit || from.memoryRequest !== to.memoryRequest
  if (!cpu && !memory) return 'none'
  const restarts = resizePolicy.some(({ resourceName, restartPolicy }) => {
    return (
      restartPolicy === 'RestartContainer' && ((resourceName === 'cpu' && cpu) || (resourceName === 'memory' && memory))
    )
  })
  return restarts ? 'restart' : 'update'
}

/** @returns whether the container stays. */
export function planResize(input: PlanInput, draft: PlanDraft, container: Container, id: string): boolean {
  const need = input.resize(container)
  if (need === 'none') return true
  draft.resizesPod = true
  if (need === 'update') {
    draft.containersToUpdate.push({ id, container })
    return true
  }
  const message = `Container ${container.name} resize requires restart`
  draft.containersToKill.push({ id, container, message, reason: 'Unknown' })
  return false
}
