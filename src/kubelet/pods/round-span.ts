import type { Pod } from '#api/core/v1'
import type { SpanOptions, Tracer } from '#base'
import { messageOf, traced } from '#base'
import type { RoundReason } from '../metrics/pod-metrics.ts'
import { uidOf } from './containers.ts'

/** The instrumentation that speaks of pods, by the name upstream's has. */
const scope = 'k8s.io/kubernetes/pkg/kubelet'

/** Where a worker stands with its pod. */
type Phase = 'sync' | 'terminating' | 'terminated'

const names: { readonly [phase in Phase]: string } = {
  sync: 'syncPod',
  terminating: 'syncTerminatingPod',
  terminated: 'syncTerminatedPod',
}

/** Does a round of work on a pod as a span that begins a trace (KEP-2831). */
export function tracedRound<T>(
  tracer: Tracer,
  phase: Phase,
  pod: Pod,
  why: RoundReason,
  work: () => Promise<T>,
): Promise<T> {
  const { name = '', namespace = '' } = pod.metadata
  const options: SpanOptions = {
    name: names[phase],
    scope,
    parent: 'none',
    attributes: {
      'k8s.pod.uid': uidOf(pod),
      'k8s.pod': `${namespace}/${name}`,
      'k8s.pod.name': name,
      ...(phase === 'sync' ? { 'k8s.pod.update_type': why } : {}),
      'k8s.namespace.name': namespace,
    },
  }
  return traced(tracer, options, async (span) => {
    try {
      return await work()
    } catch (error) {
      span.event('exception', { 'exception.type': 'Error', 'exception.message': messageOf(error) })
      span.fail(messageOf(error))
      throw error
    }
  })
}
