/** What pods and nodes use. */
export const metricsDescriptions = `
@metrics.NodeMetrics What a node uses.
timestamp End of the time over which it was measured.
usage Processor time (in cores) and memory (in bytes) that the node uses.
window Length of the time over which it was measured, up to timestamp.

@metrics.PodMetrics What a pod uses.
containers What each of its containers uses.
timestamp End of the time over which it was measured.
window Length of the time over which it was measured, up to timestamp.

@metrics.ContainerMetrics What a container uses.
name Name of the container, as the pod has it.
usage Processor time (in cores) and memory (in bytes) that the container uses.
`
