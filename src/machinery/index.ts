export { quote } from './errors/quote.ts'
export * from './errors/reasons.ts'
export * from './errors/status-error.ts'
export * from './field/error.ts'
export { Path } from './field/path.ts'
export { keyOf, parseKey } from './meta/object.ts'
export type { KubeObject, ListMeta, ObjectKey, ObjectMeta, OwnerReference } from './meta/object.ts'
export { addressAt, cidrContains, cidrsOverlap, formatCIDR, parseCIDR } from './net/cidr.ts'
export type { CIDR } from './net/cidr.ts'
export { canonicalIP, formatIP, ipFamilyOf, parseIP } from './net/ip.ts'
export type { IPFamily } from './net/ip.ts'
export { DurationError, durationMillis, formatDuration, parseDuration } from './duration/duration.ts'
export { humanDuration, shortHumanDuration } from './duration/human.ts'
export { IntOrPercentError, intValueOf, isPercentage, parseIntOrString, scaledIntOrPercent } from './intstr/intstr.ts'
export type { IntOrString } from './intstr/intstr.ts'
export { canonicalQuantity, Quantity, QuantityError } from './quantity/quantity.ts'
export type { QuantityFormat } from './quantity/quantity.ts'
export { decodeText, encodeText } from './text/utf8.ts'
export { canonicalMicroTime, canonicalTime, parseMicroTime, parseTime, TimeError } from './time/parse.ts'
export {
  formatMicroTime,
  formatTime,
  isZeroTime,
  microTimeOfMillis,
  millisOf,
  timeOfMillis,
  zeroSeconds,
} from './time/time.ts'
export type { Instant } from './time/time.ts'
export { decodeJson, decodeUntyped, normalize } from './codec/json/decode.ts'
export type { Decoded } from './codec/json/decode.ts'
export { encodeJson } from './codec/json/encode.ts'
export { JsonError } from './codec/json/error.ts'
export { parseJson } from './codec/json/parse.ts'
export type { JsonBody } from './codec/json/parse.ts'
export { sortKeys } from './codec/json/sorted.ts'
export { parseGroupVersion, summarizeBody, typeMetaOf, unreadableBody } from './codec/json/type-meta.ts'
export type { GroupVersionKind } from './codec/json/type-meta.ts'
