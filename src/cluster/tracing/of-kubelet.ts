import type { Clock, Logger, Tracer } from '#base'
import type { KubeletConfiguration } from '#kubelet'

/** Ends with the kubelet. */
export interface KubeletTracing extends AsyncDisposable {
  readonly tracer: Tracer | undefined
}

/** What `tracing` of a KubeletConfiguration asks for (KEP-2831); nothing is loaded where it is absent. */
export async function kubeletTracing(
  { tracing: settings }: KubeletConfiguration,
  hostname: string,
  { clock, log }: { readonly clock: Clock; readonly log: Logger },
): Promise<KubeletTracing> {
  if (!settings) return { tracer: undefined, async [Symbol.asyncDispose]() {} }
  const { openTracing } = await import('#tracing')
  const resource = { 'service.name': 'kubelet', 'host.name': hostname }
  const tracing = openTracing(settings, { clock, log, resource })
  return { tracer: tracing.tracer, [Symbol.asyncDispose]: () => tracing.close() }
}
