/** How many pods there are: scales, and what chooses them by metrics. */
export const scalingDescriptions = `
@autoscaling.CrossVersionObjectReference An object of any kind.
apiVersion API version of the object.
kind Kind of the object.
name Name of the object.

@autoscaling.HorizontalPodAutoscalerStatus What an autoscaler last saw, and chose.
conditions Conditions: AbleToScale, ScalingActive, ScalingLimited.
currentMetrics Values of the metrics, as they were last read.
currentReplicas Pods that there were when the autoscaler last looked.
desiredReplicas Pods that there should be, as the autoscaler last chose.
lastScaleTime When the autoscaler last changed the number of pods.
observedGeneration Generation of the spec that this status is about.

@autoscaling.HorizontalPodAutoscalerCondition Something that is so, or is not, of an autoscaler.
lastTransitionTime When the status changed last.
message What there is to say of it, for people.
reason Why the status changed last, in one word for programs.
status True, False or Unknown.
type What it is about: AbleToScale, ScalingActive or ScalingLimited.

@autoscaling.HorizontalPodAutoscalerBehavior How fast the number of pods may change.
scaleDown Rules for fewer pods. When unset, any number may go at once, but only as many as the highest choice of the last 300 seconds allows.
scaleUp Rules for more pods. When unset, 4 more or twice as many every 15 seconds, whichever is more, without a wait.

@autoscaling.HPAScalingRules How fast the number of pods may change in one direction.
policies Limits of the change. When unset: all pods in 15 seconds for fewer; 4 pods or 100 percent in 15 seconds for more.
selectPolicy Which of the policies counts: Max for that which allows the largest change, Min for the smallest, Disabled for no change at all. Max when unset.
stabilizationWindowSeconds Seconds over which earlier choices still count, so that the number does not go to and fro; 0 to 3600. When unset, 300 for fewer pods and 0 for more.
tolerance Part by which a metric may miss its target without a change, such as 0.05; that of the controller manager, usually 0.1, when unset.

@autoscaling.HPAScalingPolicy A limit of the change within a time.
periodSeconds Seconds that the limit is about, 1 to 1800.
type Pods or Percent: what the value counts.
value Pods, or percent of the pods, by which the number may change in that time; greater than 0.

@autoscaling.MetricSpec A metric and what it should be. The field of its type is set.
containerResource CPU, memory or the like of one container in each pod.
external A metric of something outside of the cluster, such as a queue.
object A metric of one object, such as requests of an ingress.
pods A metric that each pod has, averaged over them.
resource CPU, memory or the like of each pod.
type ContainerResource, External, Object, Pods or Resource.

@autoscaling.MetricStatus A metric as it was last read. The field of its type is set.
containerResource CPU, memory or the like of one container in each pod.
external A metric of something outside of the cluster.
object A metric of one object.
pods A metric that each pod has, averaged over them.
resource CPU, memory or the like of each pod.
type ContainerResource, External, Object, Pods or Resource.

@autoscaling.MetricIdentifier Which metric.
name Name of the metric.
selector Labels of the series that are meant, passed on to the metrics API; all of that name when unset.

@autoscaling.MetricTarget What a metric should be. The field of its type is set.
averageUtilization Average over the pods, in percent of what they request; for resources alone.
averageValue Average over the pods, as a quantity.
type Utilization, Value or AverageValue.
value The metric itself, as a quantity.

@autoscaling.MetricValueStatus What a metric is.
averageUtilization Average over the pods, in percent of what they request.
averageValue Average over the pods, as a quantity.
value The metric itself, as a quantity.

@autoscaling.ContainerResourceMetricSource What a resource of one container in each pod should be.
container Name of the container.
name Name of the resource, such as cpu.
target What it should be.

@autoscaling.ContainerResourceMetricStatus What a resource of one container in each pod is.
container Name of the container.
current What it is.
name Name of the resource, such as cpu.

@autoscaling.ExternalMetricSource What a metric of something outside of the cluster should be.
metric Which metric.
target What it should be: Value or AverageValue.

@autoscaling.ExternalMetricStatus What a metric of something outside of the cluster is.
current What it is.
metric Which metric.

@autoscaling.ObjectMetricSource What a metric of an object should be.
describedObject The object.
metric Which metric.
target What it should be: Value or AverageValue.

@autoscaling.ObjectMetricStatus What a metric of an object is.
current What it is.
describedObject The object.
metric Which metric.

@autoscaling.PodsMetricSource What a metric of pods should be, on average.
metric Which metric.
target What it should be: AverageValue.

@autoscaling.PodsMetricStatus What a metric of pods is, on average.
current What it is.
metric Which metric.

@autoscaling.ResourceMetricSource What a resource of pods should be, on average.
name Name of the resource, such as cpu.
target What it should be: Utilization or AverageValue.

@autoscaling.ResourceMetricStatus What a resource of pods is, on average.
current What it is.
name Name of the resource, such as cpu.

@autoscalingV1.CrossVersionObjectReference An object of any kind.
apiVersion API version of the object.
kind Kind of the object.
name Name of the object.

@autoscalingV1.HorizontalPodAutoscaler Chooses how many pods there should be, by how busy they are. Version 2 has more metrics.
spec Of what, and how busy it should be.
status What it chose.

@autoscalingV1.HorizontalPodAutoscalerSpec Of what, and how busy, pods should be.
maxReplicas The most pods that it chooses; not less than minReplicas.
minReplicas The fewest pods that it chooses; 1 when unset.
scaleTargetRef Object whose scale it sets.
targetCPUUtilizationPercentage How much CPU pods should use on average, in percent of what they request; 80 when unset and there is no other metric.

@autoscalingV1.HorizontalPodAutoscalerStatus What an autoscaler last saw, and chose.
currentCPUUtilizationPercentage How much CPU pods use on average, in percent of what they request.
currentReplicas Pods that there were when the autoscaler last looked.
desiredReplicas Pods that there should be, as the autoscaler last chose.
lastScaleTime When the autoscaler last changed the number of pods.
observedGeneration Generation of the spec that this status is about.

@autoscalingV1.Scale How many pods, or other instances, an object has: the subresource scale of several kinds.
spec How many there should be.
status How many there are.

@autoscalingV1.ScaleSpec How many instances there should be.
replicas Instances that there should be.

@autoscalingV1.ScaleStatus How many instances there are.
replicas Instances that there are.
selector Labels of the pods that are counted, in the form of a query parameter.
`
