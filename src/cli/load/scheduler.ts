/** The scheduler, loaded when it is wanted and without what belongs to others. */
export { runScheduler } from '#cluster'
