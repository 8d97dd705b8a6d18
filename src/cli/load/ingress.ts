/** Ingresses, loaded when it is wanted and without what belongs to others. */
export { runIngress } from '#cluster'
