import type { Attributes, Clock, Logger, Tracer } from '#base'
import { Batches } from './batch.ts'
import { channelEndpoint, defaultEndpoint } from './endpoint.ts'
import { otlpExporter } from './otlp/exporter.ts'
import { sampler } from './sampler.ts'
import { createTracer } from './tracer.ts'

/** A TracingConfiguration that is valid. */
export interface TracingSettings {
  /** Address of the collector by gRPC's naming; `localhost:4317` when absent. */
  readonly endpoint?: string
  /** Of a million traces that begin here; none when absent, and only what others have recorded goes on. */
  readonly samplingRatePerMillion?: number
}

export interface OpenTracing {
  readonly tracer: Tracer
  /** Sends what is there; resolves when that is over. */
  flush(): Promise<void>
  /** Sends what is left, if that does not take long, and lets go of the collector. */
  close(): Promise<void>
}

/** Milliseconds that the last spans have to leave in. */
const closingMs = 1000

/**
 * A tracer whose spans go to a collector.
 * @param resource who it is that tells: `service.name`, `service.instance.id`
 */
export function openTracing(
  { endpoint = defaultEndpoint, samplingRatePerMillion = 0 }: TracingSettings,
  { clock, log, resource }: { readonly clock: Clock; readonly log: Logger; readonly resource: Attributes },
): OpenTracing {
  const exporter = otlpExporter(channelEndpoint(endpoint), resource, clock)
  const batches = new Batches(exporter.send, clock, log)
  const tracer = createTracer({ clock, sampler: sampler(samplingRatePerMillion), onEnd: (span) => batches.add(span) })
  return {
    tracer,
    flush: () => batches.flush(),
    async close() {
      const late = new Promise<void>((resolve) => clock.timer(closingMs, resolve))
      await Promise.race([batches.flush(), late])
      exporter.close()
    },
  }
}
