/** What the cluster tells of workloads, how pods are placed, and how objects are chosen by their labels. */
export const statusDescriptions = `
@apps.DaemonSetStatus What pods of a daemon set there are.
collisionCount Names of revisions that were taken already.
conditions Conditions of the daemon set.
currentNumberScheduled Nodes that have a pod and should have one.
desiredNumberScheduled Nodes that should have a pod.
numberAvailable Nodes that should have a pod and have one that has been ready for long enough.
numberMisscheduled Nodes that have a pod and should have none.
numberReady Nodes that should have a pod and have one that is ready.
numberUnavailable Nodes that should have a pod and have none that has been ready for long enough.
observedGeneration Generation of the spec that this status is about.
updatedNumberScheduled Nodes that have a pod of the newest template.

@apps.ReplicaSetStatus What pods of a replica set there are.
availableReplicas Pods that have been ready for long enough.
conditions Conditions of the replica set.
fullyLabeledReplicas Pods that have all labels of the template.
observedGeneration Generation of the spec that this status is about.
readyReplicas Pods that are ready.
replicas Pods that there are and that do not end.
terminatingReplicas Pods that are being deleted and have not ended yet.

@apps.StatefulSetStatus What pods of a stateful set there are.
availableReplicas Pods that have been ready for long enough.
collisionCount Names of revisions that were taken already.
conditions Conditions of the stateful set.
currentReplicas Pods of the revision before an update.
currentRevision Revision that pods had before an update.
observedGeneration Generation of the spec that this status is about.
readyReplicas Pods that are ready.
replicas Pods that there are.
updateRevision Revision that an update gives to pods.
updatedReplicas Pods of the revision that an update gives.

@apps.DaemonSetCondition Something that is so, or is not, of a daemon set.
lastTransitionTime When the status changed last.
message What there is to say of it, for people.
reason Why the status changed last, in one word for programs.
status True, False or Unknown.
type What it is about.

@apps.DeploymentCondition Something that is so, or is not, of a deployment.
lastTransitionTime When the status changed last.
lastUpdateTime When anything of the condition changed last.
message What there is to say of it, for people.
reason Why the status changed last, in one word for programs.
status True, False or Unknown.
type What it is about: Available, Progressing or ReplicaFailure.

@apps.ReplicaSetCondition Something that is so, or is not, of a replica set.
lastTransitionTime When the status changed last.
message What there is to say of it, for people.
reason Why the status changed last, in one word for programs.
status True, False or Unknown.
type What it is about: ReplicaFailure.

@apps.StatefulSetCondition Something that is so, or is not, of a stateful set.
lastTransitionTime When the status changed last.
message What there is to say of it, for people.
reason Why the status changed last, in one word for programs.
status True, False or Unknown.
type What it is about.

@batch.CronJobStatus What a cron job has done.
active Jobs that run now.
lastScheduleTime When a job was last due and started.
lastSuccessfulTime When a job last completed.

@batch.JobStatus How far a job has come.
active Pods that wait or run, and are not being deleted.
completedIndexes Indexes of an indexed job that have succeeded, such as 1,3-5,7.
completionTime When the job completed; unset while it has not, and when it has failed.
conditions Conditions such as Complete, Failed and Suspended.
failed Pods that have failed.
failedIndexes Indexes that have failed for good, where backoffLimitPerIndex is set.
ready Active pods that are ready.
startTime When the job started, or went on after it was suspended.
succeeded Pods that have succeeded.
terminating Pods that are being deleted and have not ended yet.
uncountedTerminatedPods Pods that have ended and are not counted yet.

@batch.JobCondition Something that is so, or is not, of a job.
lastProbeTime When the condition was looked at last.
lastTransitionTime When the status changed last.
message What there is to say of it, for people.
reason Why the status changed last, in one word for programs.
status True, False or Unknown.
type What it is about: Complete, Failed, Suspended, FailureTarget or SuccessCriteriaMet.

@core.ContainerState What a container does; one of the three is set.
running It runs.
terminated It has ended.
waiting It has not started yet.

@core.ContainerStateRunning A container that runs.
startedAt When it started.

@core.ContainerStateTerminated A container that has ended.
containerID Which container of the runtime it was.
exitCode Status that its process ended with.
finishedAt When it ended.
message What it said at its end, for people.
reason Why it ended, in one word for programs: Completed, Error, OOMKilled.
signal Signal that ended it.
startedAt When it started.

@core.ContainerStateWaiting A container that has not started yet.
message What it waits for, for people.
reason What it waits for, in one word for programs: ContainerCreating, ImagePullBackOff.

@core.Event Something that happened to an object, told for a while.
action What was done, or failed, in one word for programs.
count How often it happened.
eventTime When it was first seen.
firstTimestamp When it happened first.
involvedObject Object that it happened to.
lastTimestamp When it happened last.
message What happened, for people.
reason What happened, in one word for programs.
related Another object that has to do with it.
reportingComponent Controller that tells of it, such as kubernetes.io/kubelet.
reportingInstance Which of its processes that was.
series How it happened again and again.
source Component and node that tell of it.
type Normal or Warning.

@core.NodeCondition Something that is so, or is not, of a node.
lastHeartbeatTime When the condition was looked at last.
lastTransitionTime When the status changed last.
message What there is to say of it, for people.
reason Why the status changed last, in one word for programs.
status True, False or Unknown.
type What it is about: Ready, MemoryPressure, DiskPressure, PIDPressure or NetworkUnavailable.

@core.PodCondition Something that is so, or is not, of a pod.
lastProbeTime When the condition was looked at last.
lastTransitionTime When the status changed last.
message What there is to say of it, for people.
observedGeneration Generation of the pod that this condition is about.
reason Why the status changed last, in one word for programs.
status True, False or Unknown.
type What it is about, such as PodScheduled, Initialized, ContainersReady or Ready.

@core.NodeAffinity Nodes that a pod wants.
preferredDuringSchedulingIgnoredDuringExecution Nodes that are better than others, by weights that add up.
requiredDuringSchedulingIgnoredDuringExecution Nodes that it has to be on; those that change later do not drive it away.

@core.NodeSelector Nodes that match any of the terms.
nodeSelectorTerms Terms of which one has to match.

@core.NodeSelectorTerm Nodes that match all of the requirements; without any it matches none.
matchExpressions Requirements on labels of the node.
matchFields Requirements on fields of the node: metadata.name.

@core.NodeSelectorRequirement What a label or field of a node has to be.
key Name of the label or field.
operator In, NotIn, Exists, DoesNotExist, Gt or Lt.
values Values to compare with: none for Exists and DoesNotExist, one whole number for Gt and Lt.

@core.PreferredSchedulingTerm Nodes that are better than others.
preference Nodes that it is about.
weight What such a node gains, 1 to 100.

@core.PodAffinity Pods that a pod wants to be near.
preferredDuringSchedulingIgnoredDuringExecution Pods whose places are better than others, by weights that add up.
requiredDuringSchedulingIgnoredDuringExecution Pods that have to be where it is placed; those that change later do not drive it away.

@core.PodAntiAffinity Pods that a pod wants to be far from.
preferredDuringSchedulingIgnoredDuringExecution Pods whose places are worse than others, by weights that add up.
requiredDuringSchedulingIgnoredDuringExecution Pods that must not be where it is placed; those that change later do not drive it away.

@core.PodAffinityTerm Pods, and what counts as their place.
labelSelector Labels of the pods; without it there are none.
matchLabelKeys Labels for which the pods have to have the values of the pod that is placed.
mismatchLabelKeys Labels for which they must have other values than that.
namespaceSelector Labels of the namespaces of the pods; an empty one means all namespaces.
namespaces Namespaces of the pods, beside those selected; the pod's own when neither is set.
topologyKey Label of nodes: those with the same value are one place.

@core.WeightedPodAffinityTerm Pods whose places are better, or worse, than others.
podAffinityTerm Pods that it is about.
weight What such a place gains or loses, 1 to 100.

@meta.LabelSelector Objects whose labels match all that is said; an empty one means all objects.
matchExpressions Requirements on labels.
matchLabels Labels with the values that they have to have.

@meta.LabelSelectorRequirement What a label has to be.
key Name of the label.
operator In, NotIn, Exists or DoesNotExist.
values Values of which the label has to have one for In, and none for NotIn; empty otherwise.

@policy.PodDisruptionBudgetStatus How many pods may be evicted now.
conditions Conditions of the budget: DisruptionAllowed.
currentHealthy Pods that are ready.
desiredHealthy Pods that have to be ready.
disruptedPods Pods whose eviction was allowed and that are not gone yet, with the time of it.
disruptionsAllowed Pods that may be evicted now.
expectedPods Pods that the budget counts.
observedGeneration Generation of the spec that this status is about.
`
