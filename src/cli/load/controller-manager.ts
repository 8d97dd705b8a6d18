/** The controllers, loaded when it is wanted and without what belongs to others. */
export { runControllerManager } from '#cluster'
