export type * from './packet-filter.ts'
export { RuleTable } from './rules/table.ts'
export type { ProxyNode } from './rules/service.ts'
export type { HealthCheck } from './rules/health.ts'
