export { quote } from './errors/quote.ts'
export * from './errors/reasons.ts'
export * from './errors/status-error.ts'
export * from './field/error.ts'
export { Path } from './field/path.ts'
export { tracingErrors } from './tracing/configuration.ts'
export type { TracingConfiguration } from './tracing/configuration.ts'
export { readDocument } from './document/document.ts'
export type { DocumentFields, DocumentKind, DocumentShape } from './document/document.ts'
export { keyOf, parseKey } from './meta/object.ts'
export type { KubeObject, ListMeta, ObjectKey, ObjectMeta, OwnerReference } from './meta/object.ts'
export { addressAt, cidrContains, cidrsOverlap, formatCIDR, parseCIDR } from './net/cidr.ts'
export type { CIDR } from './net/cidr.ts'
export { hostPort, inBrackets } from './net/host-port.ts'
export { canonicalIP, formatIP, ipFamilyOf, parseIP } from './net/ip.ts'
export type { IPFamily } from './net/ip.ts'
export { ipBytes, ipNumber, parseIPRange } from './net/range.ts'
export type { IPRange } from './net/range.ts'
export { urlProblem } from './net/url.ts'
export { DurationError, durationMillis, formatDuration, parseDuration } from './duration/duration.ts'
export { humanDuration, shortHumanDuration } from './duration/human.ts'
export { IntOrPercentError, intValueOf, isPercentage, parseIntOrString, scaledIntOrPercent } from './intstr/intstr.ts'
export type { IntOrString } from './intstr/intstr.ts'
export { canonicalQuantity, Quantity, QuantityError } from './quantity/quantity.ts'
export type { QuantityFormat } from './quantity/quantity.ts'
export { DerError, DerReader } from './der/reader.ts'
export { contextTag, Tag } from './der/tags.ts'
export { derOid, derSequence } from './der/writer.ts'
export { concatBytes } from './text/bytes.ts'
export { decodeText, encodeAround, encodeText, wellFormed } from './text/utf8.ts'
export {
  canonicalMicroTime,
  canonicalTime,
  parseLocalTime,
  parseMicroTime,
  parseTime,
  TimeError,
} from './time/parse.ts'
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
export { comparedForm, shownForm, storedForm } from './codec/json/normalize/forms.ts'
export type { Decoded } from './codec/json/decode.ts'
export { encodeJson, escapeSpecial, plainJson, prettyJson } from './codec/json/encode.ts'
export { JsonError } from './codec/json/error.ts'
export { integerOf } from './codec/json/exact/number.ts'
export { keepText, keptJson } from './codec/json/kept-text.ts'
export { parseJson, parseJsonText } from './codec/json/parse.ts'
export type { JsonBody } from './codec/json/parse.ts'
export { sortKeys } from './codec/json/sorted.ts'
export { parseGroupVersion, summarizeBody, typeMetaOf, unreadableBody } from './codec/json/type-meta.ts'
export type { GroupVersionKind } from './codec/json/type-meta.ts'
export { noAlternativeNames } from './x509/alternative-names.ts'
export type { AlternativeNames } from './x509/alternative-names.ts'
export { encodeCertificateContent, encodeSigned, parseCertificate } from './x509/certificate.ts'
export type { CertificateContent, ParsedCertificate } from './x509/certificate.ts'
export { encodeName } from './x509/name.ts'
export type { DistinguishedName } from './x509/name.ts'
export { decodePem, encodePem } from './x509/pem.ts'
export type { PemBlock } from './x509/pem.ts'
export { encodeRequestContent, parseCertificateRequest, readCertificateRequest } from './x509/request.ts'
export type { CertificateRequest } from './x509/request.ts'
export { certificateUsages } from './x509/usages.ts'
export type { CertificateUsages } from './x509/usages.ts'
export { maxAnnotationsSize, validateAnnotations, validateLabelName, validateLabels } from './meta/labels.ts'
export type { StringMap } from './meta/labels.ts'
export { validateOwnerReferences } from './meta/owners.ts'
export {
  validateFinalizerName,
  validateFinalizers,
  validateNoNewFinalizers,
  validateObjectMeta,
  validateObjectMetaUpdate,
} from './meta/validation.ts'
export type { MetaRules } from './meta/validation.ts'
export {
  isDNS1035Label,
  isDNS1123Label,
  isDNS1123Subdomain,
  isDNS1123SubdomainWithUnderscore,
  isSubdomainPart,
  isWildcardDNS1123Subdomain,
} from './names/dns.ts'
export type { Problems } from './names/dns.ts'
export {
  isDomainPrefixedKey,
  isDomainPrefixedPath,
  isFullyQualifiedDomainName,
  isFullyQualifiedName,
} from './names/domains.ts'
export {
  isValidCIDR,
  isValidCIDRForLegacyField,
  isValidInterfaceAddress,
  isValidIP,
  isValidIPForLegacyField,
  warningsForCIDR,
  warningsForIP,
} from './names/ip.ts'
export {
  isCIdentifier,
  isConfigMapKey,
  isDecimalInteger,
  isEnvVarName,
  isHTTPHeaderName,
  isLabelValue,
  isPathSegmentName,
  isPathSegmentPrefix,
  isPercent,
  isQualifiedName,
  isRelaxedEnvVarName,
} from './names/keys.ts'
export { emptyError, inclusiveRangeError, maxBytesError, maxLengthError, regexError } from './names/messages.ts'
export { nameIsDNS1035Label, nameIsDNSLabel, nameIsDNSSubdomain, nameIsPathSegment } from './names/names.ts'
export type { NameCheck } from './names/names.ts'
export { isGroupID, isInRange, isPortName, isPortNumber, isUserID } from './names/numbers.ts'
export { escapeFieldValue, FieldSelector, parseFieldSelector } from './selectors/field-selector.ts'
export type { FieldRequirement, FieldTransform, SelectableFields } from './selectors/field-selector.ts'
export {
  formatLabelSelector,
  selectorOf,
  selectorOfLabels,
  validateLabelSelector,
  validateLabelSelectorRequirement,
} from './selectors/label-selector.ts'
export type { LabelSelectorRules } from './selectors/label-selector.ts'
export { parseSelector } from './selectors/parse.ts'
export { makeRequirement, SelectorError } from './selectors/requirement.ts'
export type { Labels, Operator, Requirement } from './selectors/requirement.ts'
export { Selector } from './selectors/selector.ts'
export { byteLength } from './text/length.ts'
export { fromUnstructured } from './codec/unstructured/convert.ts'
export { goString, goTypeOfValue } from './patch/go-value.ts'
export { mergePatch } from './patch/merge/merge.ts'
export {
  decodePatched,
  maxJsonPatchOperations,
  patchJson,
  patchMerge,
  patchStrategic,
  readPatched,
} from './patch/patch.ts'
export type { FieldValidation, PatchedValue } from './patch/patch.ts'
export * from './apply/index.ts'
export { bytesOfBase64, decodeBase64, encodeBase64, base64Size } from './codec/protobuf/base64.ts'
export { decodeMessage } from './codec/protobuf/decode.ts'
export { encodeMessage } from './codec/protobuf/encode.ts'
export { decodeEnvelope, encodeItems, encodeProtobuf, frameOfList, sizeOfItem } from './codec/protobuf/envelope.ts'
export type { Envelope } from './codec/protobuf/envelope.ts'
export { ProtobufError } from './codec/protobuf/reader.ts'
export { decodeWatchFrame, encodeWatchFrame, FrameSplitter } from './codec/protobuf/watch.ts'
export type { WatchFrame } from './codec/protobuf/watch.ts'
export { Writer as ProtobufWriter } from './codec/protobuf/writer.ts'
export { applyDefaults } from './defaults/defaults.ts'
export { fnv32, fnv32a, safeCharacters, safeEncode, sha256Hex, sha256Of, sha512Hex } from './hash/hash.ts'
export { clausesOf, fits, wantsPretty } from './negotiation/accept.ts'
export type { Clause } from './negotiation/accept.ts'
export { flagPage, profilePage } from './profiling/pages.ts'
export type { DebugAnswer, DebugRequest } from './profiling/pages.ts'
export type { Profiler } from './profiling/profiler.ts'
export { answerZPage } from './zpages/page.ts'
export { oneHealth, wholeHealth } from './zpages/health.ts'
export type { CheckedHealth } from './zpages/health.ts'
export { flagzPage } from './zpages/flagz.ts'
export { statuszPage } from './zpages/statusz.ts'
export type { ZPage } from './zpages/page.ts'
export { HealthResults } from './metrics/health-results.ts'
export { encodeYaml, yamlInSteps } from './codec/yaml/encode.ts'
export { jsonKindOf } from './codec/json/kind.ts'
export { asJson, parseYaml, yamlToJson } from './codec/yaml/parse.ts'
export type { YamlAsJson, YamlBody } from './codec/yaml/parse.ts'
export * from './cel/index.ts'
export { compileDeviceSelector } from './devices/selector.ts'
export type { DeviceSelectorProgram, SelectableDevice } from './devices/selector.ts'
export { isNodeReady, nodeCondition } from './nodes/conditions.ts'
export {
  admitsLoadBalancers,
  loadBalancerCondition,
  pooledAddresses,
  takesLoadBalancers,
} from './nodes/load-balancers.ts'
export type { LoadBalancerReason } from './nodes/load-balancers.ts'
export { matchesNodeSelector, matchesNodeSelectorTerm, meetsNodeAffinity } from './nodes/node-selector.ts'
export { tolerates } from './nodes/tolerations.ts'
export type { TaintTerms, TolerationTerms } from './nodes/tolerations.ts'
export {
  exponentialBounds,
  gathered,
  HistogramFamily,
  linearBounds,
  NumberFamily,
  Outcomes,
  usualBounds,
} from './metrics/family.ts'
export type { Cell } from './metrics/family.ts'
export { Histogram } from './metrics/histogram.ts'
export type { HistogramValue } from './metrics/histogram.ts'
export { expositionBytes } from './metrics/protobuf.ts'
export { expositionText, familyText, headText, labelText, numberText } from './metrics/text.ts'
export type { LabelSet, MetricFamily, MetricType, Sample } from './metrics/text.ts'
export { defaultPod, defaultPodTemplateSpec, mirrorServiceAccount } from './pod-defaults/pod-spec.ts'
export { usedApiObjects } from './pod-references/api-objects.ts'
export { podSecretNames } from './pod-references/secret-names.ts'
export { addInto, amountOf, amountsOf, raiseInto, resourceListOf } from './pod-resources/amounts.ts'
export type { Amounts, ResourceList } from './pod-resources/amounts.ts'
export { containerAmounts, isPodLevelResource, isSidecar, podAmounts } from './pod-resources/pod-amounts.ts'
export type { AmountKind, PodAmountOptions } from './pod-resources/pod-amounts.ts'
