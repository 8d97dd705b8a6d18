/** A node, loaded when it is wanted and without what belongs to others. */
export { runAgent } from '#cluster'
