/** An API server, loaded when it is wanted and without what belongs to others. */
export { runApiServer } from '#cluster'
