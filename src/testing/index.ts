export { startCluster } from './start-cluster.ts'
export type { Cluster, StartClusterOptions } from './start-cluster.ts'
