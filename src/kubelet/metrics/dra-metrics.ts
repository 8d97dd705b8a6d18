import { familyText, gathered, HistogramFamily } from '#machinery'
import type { DraCall } from '../seams/dra-plugins.ts'

/** Fifteen bounds between a tenth of a second and forty, each as much larger: their digits are what they are known by. */
const bounds: readonly number[] = [
  0.1, 0.1534127404634391, 0.23535468936502524, 0.36106407876409946, 0.5539182980610752, 0.849781240983936,
  1.303672689737678, 1.9999999999999993, 3.0682548092687805, 4.7070937873005025, 7.221281575281985, 11.078365961221499,
  16.995624819678714, 26.07345379475354, 39.99999999999997,
]

/** What is counted of claims that drivers prepare. */
export class DraMetrics {
  readonly #operations = new HistogramFamily(
    'dra_operations_duration_seconds',
    "[ALPHA] Latency histogram in seconds for the duration of handling all ResourceClaims referenced by a pod when the pod starts or stops. Identified by the name of the operation (PrepareResources or UnprepareResources) and separated by the success of the operation. The number of failed operations is provided through the histogram's overall count.",
    bounds,
    ['operation_name', 'is_error'],
  )
  readonly #calls = new HistogramFamily(
    'dra_grpc_operations_duration_seconds',
    '[ALPHA] Duration in seconds of the DRA gRPC operations',
    bounds,
    ['driver_name', 'method_name', 'grpc_status_code'],
  )
  #inUse: () => ReadonlyMap<string, number> = () => new Map()
  readonly #used = gathered(
    'gauge',
    'dra_resource_claims_in_use',
    '[ALPHA] The number of ResourceClaims that are currently in use on the node, by driver name (driver_name label value) and across all drivers (special value <any> for driver_name). Note that the sum of all by-driver counts is not the total number of in-use ResourceClaims because the same ResourceClaim might use devices from different drivers. Instead, use the count for the <any> driver_name.',
    () => [...this.#inUse()].map(([driver, value]) => ({ labels: { driver_name: driver }, value })),
  )

  /** A pod's claims were prepared, or given back. */
  operated(operation: string, tookMs: number, isError: boolean): void {
    this.#operations.observe(tookMs / 1000, operation, String(isError))
  }

  called(driver: string, { method, code, tookMs }: DraCall): void {
    this.#calls.observe(tookMs / 1000, driver, method, code)
  }

  /** @param inUse how many claims are prepared, by driver. */
  countInUse(inUse: () => ReadonlyMap<string, number>): void {
    this.#inUse = inUse
  }

  text(): string {
    return [this.#operations, this.#calls, this.#used].map(familyText).join('')
  }
}
