import type { Pod } from '#api/core/v1'
import { milliCpuToShares } from './cpu.ts'
import { podRequests, qosOf } from './pod-resources.ts'

/** Weight of all burstable pods together: what they ask for. */
export function burstableShares(pods: readonly Pod[]): number {
  let milli = 0
  for (const pod of pods) if (qosOf(pod) === 'Burstable') milli += podRequests(pod).get('cpu')?.milliValue() ?? 0
  return milliCpuToShares(milli)
}
