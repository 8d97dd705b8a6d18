/** Instrumentations that speak of requests, by the names upstream's have. */
export const httpScope = 'go.opentelemetry.io/contrib/instrumentation/net/http/otelhttp'
export const filterScope = 'k8s.op/apiserver/pkg/endpoints/filterlatency'

/** Characters of a client's own words that are told of. */
const longestAuditId = 64
const longestUserAgent = 1024

export const auditIdAttribute = (auditId: string): string => auditId.slice(0, longestAuditId)

export const userAgentAttribute = (userAgent: string): string =>
  userAgent.length <= longestUserAgent ? userAgent : `${userAgent.slice(0, longestUserAgent)}...TRUNCATED`
