import type { ContainerRuntime } from './runtime.ts'

/**
 * Stops and removes every pod of a runtime, whoever made it; containers get `graceSeconds` to end.
 *
 * @throws AggregateError when some could not be removed.
 */
export async function endPods(runtime: ContainerRuntime, graceSeconds: number): Promise<void> {
  const containers = await runtime.listContainers({ state: 'running' })
  await Promise.allSettled(containers.map(({ id }) => runtime.stopContainer(id, graceSeconds)))
  const sandboxes = await runtime.listPodSandboxes()
  const results = await Promise.allSettled(
    sandboxes.map(async ({ id }) => {
      await runtime.stopPodSandbox(id)
      await runtime.removePodSandbox(id)
    }),
  )
  const errors = results.flatMap((result) => (result.status === 'rejected' ? [result.reason as unknown] : []))
  if (errors.length > 0) throw new AggregateError(errors, `end pods: ${errors.length} could not be removed`)
}
