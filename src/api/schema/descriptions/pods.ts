/** Pods and what they are made of. */
export const podDescriptions = `
@core.Pod A group of containers that run together on one node and share its network and volumes.
spec What is to run, and how.
status What is known of the pod now; written by its node.

@core.PodTemplateSpec How pods are made that a controller creates.
metadata Labels and annotations that the pods get.
spec What the pods run.

@core.PodSpec What a pod runs, and where and how it may.
activeDeadlineSeconds Seconds from its start after which the pod is ended and fails.
affinity Rules by which nodes are chosen or avoided.
automountServiceAccountToken Whether containers get a token of the service account; true when unset.
containers Programs of the pod, all running side by side. At least one; the list can not change, but for images.
dnsConfig Name servers, search domains and options besides those that the DNS policy gives.
dnsPolicy Where names are looked up: ClusterFirst, ClusterFirstWithHostNet, Default (as the node does), or None.
enableServiceLinks Whether containers get environment variables about the services of the namespace.
ephemeralContainers Containers added to a running pod to look into it. Only through the subresource ephemeralcontainers.
hostAliases Lines for the file /etc/hosts of the containers.
hostIPC Whether the pod uses the node's inter-process communication.
hostNetwork Whether the pod uses the node's network, with the node's ports.
hostPID Whether the pod sees the processes of the node.
hostUsers Whether the pod runs in the node's user namespace; false gives it one of its own.
hostname Host name inside the pod; the pod's name when unset.
imagePullSecrets Secrets in the same namespace with credentials for the images.
initContainers Containers that run before the others, one after the other. Those with restartPolicy Always go on beside them.
nodeName Node that the pod is on. Set by the scheduler; whoever sets it passes the scheduler over.
nodeSelector Labels that a node must have for the pod.
os Operating system that the containers are for.
overhead Resources that the runtime needs besides the containers; taken from the runtime class.
preemptionPolicy Whether pods of lower priority may be ended to make room: PreemptLowerPriority or Never.
priority Priority as a number; taken from the priority class.
priorityClassName Priority class of the pod, for the order in which pods are scheduled and evicted.
readinessGates Conditions of the pod that must be true, besides its containers being ready, for it to be ready.
resourceClaims Claims for devices that containers of the pod may name.
resources Resources for the pod as a whole.
restartPolicy When containers are started again: Always, OnFailure or Never.
runtimeClassName Runtime class, which says how containers are run.
schedulerName Scheduler that is to find a node; default-scheduler when unset.
schedulingGates Names of what must be settled first: the pod is not scheduled while there are any.
securityContext Users, groups and rights for all containers of the pod.
serviceAccountName Service account as which the pod speaks to the API.
setHostnameAsFQDN Whether the host name is the whole domain name.
shareProcessNamespace Whether containers see each other's processes.
subdomain Name of the headless service under which the pod has a domain name.
terminationGracePeriodSeconds Seconds between the request to end and the kill; 30 when unset, 0 kills at once.
tolerations Taints of nodes that the pod puts up with.
topologySpreadConstraints How evenly matching pods are spread over zones, nodes or the like.
volumes Volumes that containers may mount.
hostnameOverride Host name inside the pod, of at most 64 characters, in the place of hostname and subdomain; DNS knows nothing of it. Not with hostNetwork or setHostnameAsFQDN.
schedulingGroup Group of pods with which the pod is scheduled. Needs the feature GenericWorkload.
serviceAccount Older name of serviceAccountName.

@core.PodStatus What is known of a pod.
conditions Conditions such as PodScheduled, Initialized, ContainersReady and Ready.
containerStatuses What is known of each container.
hostIP Address of the node.
initContainerStatuses What is known of each init container.
message Why the pod is in this state, for people.
nominatedNodeName Node on which room is being made for the pod.
phase Where in its life the pod is: Pending, Running, Succeeded, Failed or Unknown.
podIP First address of the pod.
podIPs Addresses of the pod, one of each family.
qosClass Class of service by requests and limits: Guaranteed, Burstable or BestEffort.
reason Why the pod is in this state, as one word.
startTime When the node took the pod on.
allocatedResources Resources that the node has set aside for the pod.
ephemeralContainerStatuses What is known of each ephemeral container.
extendedResourceClaimStatus Claim that the scheduler made for extended resources that are devices.
hostIPs Addresses of the node, one of each family.
nodeAllocatableResourceClaimStatuses Resources of the node, such as cpu, that claims for devices took. Needs the feature DRANodeAllocatableResources.
observedGeneration Generation of the spec that this status is about.
resize State of a change of resources that is under way. The conditions PodResizePending and PodResizeInProgress tell it now.
resourceClaimStatuses Claims that were made for the pod from templates.
resources Resources that the pod as a whole has now, where its spec has resources.

@core.Container A program that runs in a pod, from an image.
args Arguments of the program; those of the image when unset. $(NAME) stands for an environment variable.
command Program and first arguments, in the place of the image's entrypoint.
env Environment variables.
envFrom Config maps and secrets whose entries become environment variables.
image Image from which the container is made.
imagePullPolicy When the image is fetched: Always, IfNotPresent or Never. Always for the tag latest, else IfNotPresent.
lifecycle What is done after the start and before the end of the container.
livenessProbe Check that the container still works; it is started again when the check fails.
name Name of the container, unique in the pod.
ports Ports that the program listens at, for information and for names.
readinessProbe Check that the container can serve; services leave the pod out while it fails.
resizePolicy What happens to the container when its resources change.
resources Resources that the container asks for, and may use at most.
restartPolicy Restart policy of this container. Always makes an init container a sidecar.
securityContext Users, groups and rights of this container; they go before those of the pod.
startupProbe Check that the container has started; the other checks wait for it.
stdin Whether the container has a standard input.
stdinOnce Whether the standard input is closed after the first client has left.
terminationMessagePath File with the last words of the container; /dev/termination-log when unset.
terminationMessagePolicy Where the last words come from: File, or FallbackToLogsOnError.
tty Whether the container has a terminal; needs stdin.
volumeDevices Block devices in the container.
volumeMounts Volumes in the file system of the container.
workingDir Directory in which the program starts; that of the image when unset.
restartPolicyRules Exit codes after which the container is started again whatever its restart policy says; at most 20 rules, of which the first that matches counts. Needs a restartPolicy of the container.

@core.ContainerPort A port of a container.
containerPort Number of the port.
hostIP Address of the node at which the port is opened.
hostPort Port of the node that leads to this one.
name Name of the port, for services.
protocol TCP, UDP or SCTP; TCP when unset.

@core.EnvVar An environment variable.
name Name of the variable.
value Its value; $(NAME) stands for a variable before it.
valueFrom Where the value comes from, in the place of one given here.

@core.EnvVarSource Where the value of an environment variable comes from.
configMapKeyRef A key of a config map.
fieldRef A field of the pod, such as metadata.name or status.podIP.
fileKeyRef A key of a file in a volume.
resourceFieldRef A resource of the container, such as limits.cpu.
secretKeyRef A key of a secret.

@core.ResourceRequirements Resources that are asked for, and that may be used.
claims Claims of the pod that the container uses.
limits The most of each resource that may be used.
requests What is set aside of each resource; the limits when unset.

@core.Probe A check that is made again and again.
exec Runs a command in the container; exit code 0 is success.
failureThreshold Failures in a row after which the check counts as failed; 3 when unset.
grpc Asks the gRPC health service of a port.
httpGet Sends an HTTP GET; an answer from 200 to 399 is success.
initialDelaySeconds Seconds from the start of the container to the first check.
periodSeconds Seconds between checks; 10 when unset.
successThreshold Successes in a row after which the check counts as passed again; 1 when unset.
tcpSocket Opens a connection to a port.
terminationGracePeriodSeconds Seconds that the container gets to end when the check failed; those of the pod when unset.
timeoutSeconds Seconds after which a check without an answer failed; 1 when unset.

@core.HTTPGetAction An HTTP request.
host Host to connect to; the pod's address when unset.
httpHeaders Headers of the request.
path Path of the request.
port Number or name of the port.
scheme HTTP or HTTPS; HTTP when unset.

@core.ExecAction A command in a container.
command Program and arguments; no shell runs them.

@core.Lifecycle What is done around the life of a container.
postStart Done right after the start; the container is killed when it fails.
preStop Done before the container is asked to end.
stopSignal Signal by which the container is asked to end, such as SIGUSR1; that of the image, or SIGTERM, when unset. Needs the feature ContainerStopSignals, and a pod with an os.

@core.SecurityContext Users, groups and rights of a container.
allowPrivilegeEscalation Whether a process may get more rights than its parent.
appArmorProfile AppArmor profile of the container.
capabilities Capabilities that are added and dropped.
privileged Whether the container has all rights on the node.
procMount How /proc is mounted: Default, with parts of it hidden and others to be read alone, or Unmasked. Default when unset.
readOnlyRootFilesystem Whether the root file system can only be read.
runAsGroup Group of the processes.
runAsNonRoot Whether the container must not run as root.
runAsUser User of the processes; that of the image when unset.
seLinuxOptions SELinux labels of the container.
seccompProfile System calls that are let through.
windowsOptions What holds for Windows alone.

@core.PodSecurityContext Users, groups and rights of all containers of a pod.
appArmorProfile AppArmor profile of the containers.
fsGroup Group that owns the files of volumes that can be given to one.
fsGroupChangePolicy When files are given to the group: Always, or OnRootMismatch.
runAsGroup Group of the processes.
runAsNonRoot Whether containers must not run as root.
runAsUser User of the processes.
seLinuxOptions SELinux labels of the containers.
seccompProfile System calls that are let through.
supplementalGroups Further groups of the first process of each container.
sysctls Kernel parameters of the pod.
windowsOptions What holds for Windows alone.
seLinuxChangePolicy How volumes get the pod's SELinux label: MountOption with the mount, Recursive file by file. When unset, MountOption for volumes of access mode ReadWriteOncePod, or for all with the feature SELinuxMount; else Recursive.
supplementalGroupsPolicy Merge adds the groups that the image has for the user, Strict does not; Merge when unset.

@core.Toleration A taint that a pod puts up with.
effect Effect of the taint: NoSchedule, PreferNoSchedule or NoExecute; every effect when unset.
key Key of the taint; every taint when unset, with operator Exists.
operator Equal compares the values, Exists asks for the key alone; Equal when unset. Lt and Gt compare whole numbers, with the feature TaintTolerationComparisonOperators.
tolerationSeconds Seconds for which a taint of effect NoExecute is put up with; for ever when unset.
value Value of the taint.

@core.Affinity Rules by which nodes are chosen.
nodeAffinity By labels of nodes.
podAffinity Near pods.
podAntiAffinity Away from pods.

@core.TopologySpreadConstraint How evenly pods are spread.
labelSelector Pods that are counted.
maxSkew Most by which the fullest and the emptiest domain may differ.
minDomains Domains that there should be at least.
topologyKey Label of nodes whose values are the domains.
whenUnsatisfiable DoNotSchedule keeps the pod waiting, ScheduleAnyway only prefers.
matchLabelKeys Labels for which pods have to have the values of the pod that is placed, to be counted; not those of labelSelector.
nodeAffinityPolicy Honor counts only nodes that the pod's affinity and node selector allow, Ignore counts all; Honor when unset.
nodeTaintsPolicy Honor leaves out nodes with taints that the pod does not put up with, Ignore counts all; Ignore when unset.
`
