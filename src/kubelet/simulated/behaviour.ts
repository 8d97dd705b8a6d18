import type { StringMap } from '../runtime/records.ts'

/** What a simulated container does. Times are milliseconds. */
export interface ContainerBehaviour {
  /** From the start until it exits, 0 for at once; it runs on when absent. */
  readonly runsForMs?: number
  /** With which it exits by itself; 0 when absent. */
  readonly exitCode?: number
  /** From the request to stop until it exits; at once when absent. */
  readonly stopsAfterMs?: number
  /** With which it exits when it is told to stop; 143 when absent. */
  readonly stoppedWith?: number
  readonly oomKilled?: boolean
  /** From the end until the runtime knows that memory had run out; it knows at once when absent. */
  readonly oomKnownAfterMs?: number
}

/** What a simulated runtime does with a pod. */
export interface PodBehaviour {
  /** What making the sandbox takes; nothing when absent. */
  readonly sandboxMs?: number
  /** What starting a container takes; nothing when absent. */
  readonly startMs?: number
  readonly container?: (name: string, attempt: number) => ContainerBehaviour
}

export interface PodName {
  readonly name: string
  readonly namespace: string
  readonly labels: StringMap
  readonly annotations: StringMap
}

/** Pods start at once and run until they are stopped. */
export const runForever = (): PodBehaviour => ({})

const prefix = 'simulation.k8ts.dev/'

/**
 * Reads a pod's behaviour from its annotations: `simulation.k8ts.dev/sandbox-ms`, `/start-ms`, `/runs-for-ms`,
 * `/exit-code`, `/stops-after-ms`, `/oom-killed`.
 */
export function annotatedBehaviour({ annotations }: PodName): PodBehaviour {
  const number = (name: string): number | undefined => {
    const text = annotations[prefix + name]
    return text === undefined ? undefined : Number(text)
  }
  const runsForMs = number('runs-for-ms')
  const stopsAfterMs = number('stops-after-ms')
  return {
    sandboxMs: number('sandbox-ms') ?? 0,
    startMs: number('start-ms') ?? 0,
    container: () => ({
      ...(runsForMs === undefined ? {} : { runsForMs }),
      ...(stopsAfterMs === undefined ? {} : { stopsAfterMs }),
      exitCode: number('exit-code') ?? 0,
      oomKilled: annotations[`${prefix}oom-killed`] === 'true',
    }),
  }
}
