/** A control plane, loaded when it is wanted and without what belongs to others. */
export { runServer } from '#cluster'
