/** The proxy, loaded when it is wanted and without what belongs to others. */
export { runProxy } from '#cluster'
