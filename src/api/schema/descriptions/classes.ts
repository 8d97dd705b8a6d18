/** Classes that pods name: how they are run, and before which others. */
export const classDescriptions = `
@node.RuntimeClass A way in which containers are run, which pods can name.
handler Name that the node's container runtime has for it, such as runc; it can not be changed.
overhead What pods need besides their containers.
scheduling Nodes that know the handler; all when unset.

@node.Overhead What pods need besides their containers.
podFixed Resources that each pod needs besides those of its containers.

@node.Scheduling Nodes for pods of a runtime class.
nodeSelector Labels that a node must have, besides those that the pod asks for. A pod that contradicts them is refused.
tolerations Tolerations that pods get besides their own.

@scheduling.PriorityClass A priority, which pods can name.
description When the class is to be used, for people.
globalDefault Whether pods that name no class get this one. Only one class may be it; of several the one with the lowest value counts.
preemptionPolicy Whether pods of lower priority may be ended to make room: PreemptLowerPriority or Never; PreemptLowerPriority when unset. It can not be changed.
value Priority of the pods; the larger goes first. At most 1000000000, but for classes of the system; it can not be changed.
`
