/** A kubelet, loaded when it is wanted and without what belongs to others. */
export { runKubelet } from '#cluster'
