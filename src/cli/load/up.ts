/** A whole cluster, loaded when it is wanted and without what belongs to others. */
export { runCluster } from '#cluster'
