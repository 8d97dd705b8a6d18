export { createNftPacketFilter } from './filter.ts'
export type { NftFilterOptions } from './filter.ts'
export { createHealthCheckServer, serveProxyHealth } from './health.ts'
