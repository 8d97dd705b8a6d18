/** A node of a cluster on this machine, loaded when it is wanted and without what belongs to others. */
export { runSupervisedAgent } from '#cluster'
