/** The end of a cluster, loaded when it is wanted and without what belongs to others. */
export { checkIsClusters, stopCluster } from '#cluster'
