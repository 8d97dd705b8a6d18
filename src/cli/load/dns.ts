/** Cluster DNS, loaded when it is wanted and without what belongs to others. */
export { runDns } from '#cluster'
