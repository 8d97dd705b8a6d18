import { invalidValue } from '../field/error.ts'
import type { FieldError } from '../field/error.ts'
import { urlProblem } from '../net/url.ts'

/** How a component tells how long what takes (KEP-647, KEP-2831). */
export interface TracingConfiguration {
  /** Address of the collector by gRPC's naming: without scheme, `dns`, `unix` or `unix-abstract`. */
  readonly endpoint?: string
  /** Of a million traces that begin here; none when absent. */
  readonly samplingRatePerMillion?: number
}

const million = 1_000_000

/** @param field the path of a member by its name */
export function tracingErrors(
  { endpoint, samplingRatePerMillion: rate }: TracingConfiguration,
  field: (name: keyof TracingConfiguration) => string,
): FieldError[] {
  const errors: FieldError[] = []
  const at = field('samplingRatePerMillion')
  if (rate !== undefined && rate < 0) errors.push(invalidValue(at, rate, 'sampling rate must be positive'))
  if (rate !== undefined && rate > million)
    errors.push(invalidValue(at, rate, 'sampling rate per million must be less than or equal to one million'))
  if (endpoint !== undefined) errors.push(...endpointErrors(endpoint, field('endpoint')))
  return errors
}

const schemes: ReadonlySet<string> = new Set(['dns', 'unix', 'unix-abstract'])

function endpointErrors(endpoint: string, at: string): FieldError[] {
  const url = endpoint.includes('//') ? endpoint : `dns://${endpoint}`
  const problem = urlProblem(url)
  if (problem !== undefined) return [invalidValue(at, url, problem)]
  const [, scheme = ''] = /^([A-Za-z][A-Za-z0-9+.-]*):/.exec(url) ?? []
  if (schemes.has(scheme.toLowerCase())) return []
  const why = `unsupported scheme: ${scheme.toLowerCase()}.  Options are none, dns, unix, or unix-abstract.  See https://github.com/grpc/grpc/blob/master/doc/naming.md`
  return [invalidValue(at, url, why)]
}
