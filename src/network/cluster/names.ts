import { hashOf } from './subnet.ts'

/** What a cluster's pieces are called on the machine. Link names hold 15 characters, so they carry a hash of its name. */
export interface ClusterNames {
  /** The machine's end of the link to the cluster. */
  readonly uplink: string
  /** Tells whose link it is. */
  readonly alias: string
  /** nftables table of the machine's namespace. */
  readonly table: string
}

export function clusterNames(cluster: string): ClusterNames {
  return {
    uplink: `k8ts-${hashOf(cluster).toString(16).padStart(8, '0')}`,
    alias: `k8ts cluster ${cluster}`,
    table: `k8ts-${cluster}`,
  }
}
