/** Controllers of pods, and what they say of them. */
export const workloadDescriptions = `
@apps.Deployment Pods that are all alike, and how they are replaced by newer ones.
spec What pods there should be.
status What pods there are.

@apps.DeploymentSpec What pods of a deployment there should be.
minReadySeconds Seconds for which a new pod has to be ready to count as available.
paused Whether changes of the template are left undone for now.
progressDeadlineSeconds Seconds without progress after which a rollout counts as failed; 600 when unset.
replicas How many pods there should be; 1 when unset.
revisionHistoryLimit Old replica sets that are kept to go back to; 10 when unset.
selector Pods that belong to the deployment; it must match the labels of the template and can not change.
strategy How old pods are replaced.
template What the pods are like.

@apps.DeploymentStrategy How pods are replaced.
rollingUpdate Limits of a rolling update.
type RollingUpdate or Recreate; RollingUpdate when unset.

@apps.RollingUpdateDeployment Limits of a rolling update.
maxSurge Pods above the wanted number, as a number or a percentage; 25% when unset.
maxUnavailable Pods below the wanted number, as a number or a percentage; 25% when unset.

@apps.DeploymentStatus What pods of a deployment there are.
availableReplicas Pods that have been ready for long enough.
collisionCount Names of replica sets that were taken already.
conditions Conditions such as Available and Progressing.
observedGeneration Generation of the spec that this status is about.
readyReplicas Pods that are ready.
terminatingReplicas Pods that are being deleted and have not ended yet.
replicas Pods of the deployment, old and new.
unavailableReplicas Pods that are missing yet.
updatedReplicas Pods of the newest template.

@apps.ReplicaSet So many pods that are all alike.
spec What pods there should be.
status What pods there are.

@apps.ReplicaSetSpec What pods of a replica set there should be.
minReadySeconds Seconds for which a new pod has to be ready to count as available.
replicas How many pods there should be; 1 when unset.
selector Pods that belong to the set.
template What the pods are like.

@apps.StatefulSet Pods with names and storage of their own that outlive them.
spec What pods there should be.
status What pods there are.

@apps.StatefulSetSpec What pods of a stateful set there should be.
minReadySeconds Seconds for which a new pod has to be ready to count as available.
ordinals Number of the first pod.
persistentVolumeClaimRetentionPolicy What becomes of the claims when the set goes or shrinks.
podManagementPolicy OrderedReady makes pods one after the other, Parallel all at once.
replicas How many pods there should be; 1 when unset.
revisionHistoryLimit Old revisions that are kept; 10 when unset.
selector Pods that belong to the set.
serviceName Headless service under which the pods have domain names.
template What the pods are like.
updateStrategy How pods are replaced: RollingUpdate, or OnDelete.
volumeClaimTemplates Claims that each pod gets of its own.

@apps.StatefulSetOrdinals How pods of a stateful set are numbered.
start Number of the first pod, 0 or more; 0 when unset.

@apps.StatefulSetPersistentVolumeClaimRetentionPolicy What becomes of the claims of a stateful set's pods.
whenDeleted What becomes of them when the set is deleted: Retain or Delete; Retain when unset.
whenScaled What becomes of those of pods that go when the set shrinks: Retain or Delete; Retain when unset.

@apps.StatefulSetUpdateStrategy How pods of a stateful set are replaced.
rollingUpdate Limits of a rolling update; for type RollingUpdate alone.
type RollingUpdate, or OnDelete: when somebody deletes them. RollingUpdate when unset.

@apps.RollingUpdateStatefulSetStrategy Limits of a rolling update.
maxUnavailable Pods that may be unavailable meanwhile, as a number or a percentage, rounded up; not 0, and 1 when unset. Needs the feature MaxUnavailableStatefulSet.
partition Pods with this number or a higher one are updated, others are not; 0 when unset.

@apps.DaemonSet One pod on every node, or on those that are chosen.
spec What pods there should be.
status What pods there are.

@apps.DaemonSetSpec What pods of a daemon set there should be.
minReadySeconds Seconds for which a new pod has to be ready to count as available.
revisionHistoryLimit Old revisions that are kept; 10 when unset.
selector Pods that belong to the set.
template What the pods are like, and on which nodes they are.
updateStrategy How pods are replaced: RollingUpdate, or OnDelete.

@apps.DaemonSetUpdateStrategy How pods of a daemon set are replaced.
rollingUpdate Limits of a rolling update; for type RollingUpdate alone.
type RollingUpdate, or OnDelete: when somebody deletes them. RollingUpdate when unset.

@apps.RollingUpdateDaemonSet Limits of a rolling update. Exactly one of the two is more than 0.
maxSurge Nodes that may have a new pod beside one that is available, as a number or a percentage of those that should have one, rounded up; 0 when unset.
maxUnavailable Nodes whose pod may be unavailable meanwhile, as a number or a percentage of those that should have one, rounded up; 1 when unset.

@apps.ControllerRevision A state that a controller keeps to go back to, such as a template of a stateful set or daemon set. It can not be changed.
data The state, in the form of whoever keeps it.
revision Number of the state; newer ones are higher.

@batch.Job Pods that run until enough of them have succeeded.
spec What is to be done.
status What has been done.

@batch.JobSpec What a job is to do.
activeDeadlineSeconds Seconds after which the job is ended and fails.
backoffLimit Failures of pods after which the job fails; 6 when unset, and without limit beside backoffLimitPerIndex.
backoffLimitPerIndex Failures after which one index fails.
completionMode NonIndexed, or Indexed: each success has a number of its own.
completions Successes that are wanted.
managedBy Who looks after the job, when it is not the job controller.
manualSelector Whether the selector was chosen by hand.
maxFailedIndexes Failed indexes after which the job fails.
parallelism Pods that run at the same time; 1 when unset.
podFailurePolicy What a failed pod means, by its exit code or conditions.
podReplacementPolicy When an ended pod is replaced: TerminatingOrFailed, or Failed.
selector Pods of the job; the system sets it.
successPolicy When an indexed job has succeeded before all its indexes have.
suspend Whether no pods run for now.
template What the pods are like; their restart policy is Never or OnFailure.
ttlSecondsAfterFinished Seconds after its end when the job is deleted.

@batch.PodFailurePolicy What a failed pod means for its job.
rules Rules that are tried in this order, up to the first that matches; at most 20. Without a match the failure counts against the backoff limit.

@batch.PodFailurePolicyRule What a pod means that failed in a certain way: by exit codes or by conditions, one of the two.
action FailJob ends the job, FailIndex fails the pod's index for good, Ignore replaces the pod without counting it, Count counts it as usual.
onExitCodes Exit codes of containers.
onPodConditions Conditions of the pod, of which one has to match; at most 20.

@batch.PodFailurePolicyOnExitCodesRequirement Exit codes of containers that failed.
containerName Container that is meant, init containers included; any when unset.
operator In, when one exit code has to be among the values; NotIn, when one has to be none of them. Exit code 0 is left out.
values Exit codes in ascending order, 1 to 255 of them, none twice; not 0 with In.

@batch.PodFailurePolicyOnPodConditionsPattern A condition of a pod.
status Status that the condition has to have; True when unset.
type Type of the condition.

@batch.SuccessPolicy When an indexed job has succeeded before all its indexes have.
rules Rules, of which one has to be met; at most 20. The pods that are left are ended then.

@batch.SuccessPolicyRule Indexes that have to succeed. At least one of the two is set.
succeededCount How many indexes have to succeed, among succeededIndexes when these are set; else all of them.
succeededIndexes Indexes that are meant, such as 1,3-5,7; any when unset.

@batch.UncountedTerminatedPods Pods that have ended and are not yet in the counts of their job.
failed UIDs of those that failed.
succeeded UIDs of those that succeeded.

@batch.CronJob Jobs at set times.
spec When and what.
status What was started.

@batch.CronJobSpec When jobs run, and what they do.
concurrencyPolicy What happens when the job before still runs: Allow, Forbid or Replace.
failedJobsHistoryLimit Failed jobs that are kept; 1 when unset.
jobTemplate What the jobs are like.
schedule Times in the form of cron.
startingDeadlineSeconds Seconds by which a start may be late.
successfulJobsHistoryLimit Successful jobs that are kept; 3 when unset.
suspend Whether no jobs are started for now.
timeZone Time zone of the schedule; that of the controller manager when unset.

@batch.JobTemplateSpec What the jobs of a cron job are like.
metadata Labels and annotations that the jobs get.
spec What the jobs do.

@autoscaling.HorizontalPodAutoscaler Chooses how many pods there should be, by metrics.
spec Of what, and by which metrics.
status What it chose.

@autoscaling.HorizontalPodAutoscalerSpec Of what, and by which metrics, numbers of pods are chosen.
behavior How fast it may grow and shrink.
maxReplicas The most pods that it chooses.
metrics Metrics and what they should be; the one that asks for most pods counts. CPU at 80 percent of what is requested when unset.
minReplicas The fewest pods that it chooses; 1 when unset.
scaleTargetRef Object whose scale it sets.

@policy.PodDisruptionBudget How many pods may be taken away at a time by those who ask first.
spec Which pods, and how many.
status What is left to take away.

@policy.PodDisruptionBudgetSpec Which pods there have to be.
maxUnavailable Pods that may be missing, as a number or a percentage; not together with minAvailable.
minAvailable Pods that have to be there, as a number or a percentage; not together with maxUnavailable.
selector Labels of the pods that are counted; an empty selector means all of the namespace, none when unset.
unhealthyPodEvictionPolicy Whether pods that are not ready may be taken away all the same: AlwaysAllow, or IfHealthyBudget, which lets them go while enough others are ready; IfHealthyBudget when unset.

@policy.Eviction A request to delete a pod, unless a disruption budget forbids it. Sent to the pod's subresource eviction.
deleteOptions How the pod is deleted.
`
