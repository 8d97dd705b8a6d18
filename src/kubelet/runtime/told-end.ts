import { sleep } from '#base'
import type { Clock } from '#base'
import type { ContainerStatus } from './records.ts'
import type { ContainerRuntime } from './runtime.ts'

export interface ToldEndOptions {
  readonly runtime: Pick<ContainerRuntime, 'containerStatus'>
  readonly clock: Clock
}

/** Exit code of what was killed, 128 and the number of SIGKILL, and what runtimes say of an end that they can't explain. */
const killed = 137
const unexplained: ReadonlySet<string> = new Set(['', 'Error'])
/**
 * Milliseconds after an end within which runtimes notice that memory had run out: the kernel tells them of that and of the
 * end apart, in either order.
 */
const noticedWithinMs = 500
const steps = [20, 40, 80, 160, 320]

/** Whether the runtime says that its processes were killed because memory ran out. */
export const wasKilledForMemory = ({
  state,
  reason,
}: {
  readonly state: ContainerStatus['state']
  readonly reason?: string
}): boolean => state === 'exited' && reason === 'OOMKilled'

/** Whether somebody killed it, and nobody says why. */
const isUnexplained = ({ state, exitCode, reason }: ContainerStatus): boolean =>
  state === 'exited' && exitCode === killed && unexplained.has(reason ?? '')

/**
 * The status of a container; of one that was killed this moment, once the runtime says that memory ran out or has had the
 * time to.
 *
 * @throws RuntimeError what `containerStatus` throws.
 */
export async function toldStatus({ runtime, clock }: ToldEndOptions, id: string): Promise<ContainerStatus | undefined> {
  let status = await runtime.containerStatus(id)
  for (const ms of steps) {
    if (!status || !isUnexplained(status)) return status
    const left = status.finishedAt + noticedWithinMs - clock.now()
    if (!(left > 0)) return status
    await sleep(clock, Math.min(ms, left))
    status = await runtime.containerStatus(id)
  }
  return status
}
