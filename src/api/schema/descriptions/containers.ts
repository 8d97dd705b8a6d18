/** Parts of pods and their containers, and what is known of them. */
export const containerDescriptions = `
@core.PodTemplate How pods are made, kept for whoever wants to make them.
template What the pods are like.

@core.AppArmorProfile Which AppArmor profile holds.
localhostProfile Name of a profile that is loaded on the node; with type Localhost, and only then.
type Localhost for a profile of the node, RuntimeDefault for that of the container runtime, Unconfined for none.

@core.SeccompProfile Which system calls are let through.
localhostProfile Path of a profile, below the kubelet's folder for them; with type Localhost, and only then.
type Localhost for a profile of the node, RuntimeDefault for that of the container runtime, Unconfined for all calls.

@core.SELinuxOptions SELinux label of processes. What is unset is chosen by the container runtime.
level Level of the label.
role Role of the label.
type Type of the label.
user User of the label.

@core.WindowsSecurityContextOptions Who a container of Windows runs as.
gmsaCredentialSpec Contents of the GMSA credential spec; a webhook fills it in by the name.
gmsaCredentialSpecName Name of the GMSA credential spec.
hostProcess Whether it is a HostProcess container: all of the pod's are, or none, and the pod needs hostNetwork.
runAsUserName User of the process; that of the image when unset.

@core.Capabilities Capabilities of Linux that are added to those of the container runtime, and dropped from them.
add Capabilities that are added, such as NET_ADMIN.
drop Capabilities that are dropped; ALL for all.

@core.Sysctl A kernel parameter.
name Name of the parameter, such as net.ipv4.ip_forward.
value Its value.

@core.PodOS Operating system that containers are for.
name The system: linux or windows.

@core.PodDNSConfig Name servers, search domains and options besides those that the DNS policy gives.
nameservers Addresses of name servers, after those of the DNS policy. Needed for policy None.
options Options of the resolver; they go before those of the DNS policy.
searches Domains in which short names are looked up, after those of the DNS policy.

@core.PodDNSConfigOption An option of the resolver.
name Name of the option, such as ndots.
value Its value, where it has one.

@core.HostAlias A line for the file /etc/hosts.
hostnames Names of the address.
ip The address.

@core.PodReadinessGate A condition that must be true for the pod to be ready.
conditionType Type of the condition.

@core.PodSchedulingGate Something that must be settled before the pod is scheduled.
name Name of it, unique in the pod.

@core.PodSchedulingGroup Group of pods that are scheduled together.
podGroupName Name of the PodGroup, in the pod's namespace.

@core.PodResourceClaim A claim for devices that containers of the pod may name: one that there is, or one made from a template.
name Name by which containers name it, unique in the pod.
resourceClaimName Name of a claim in the same namespace.
resourceClaimTemplateName Name of a template in the same namespace; the claim that is made from it goes with the pod.

@core.ResourceClaim A claim of the pod that the container uses.
name Name of the claim in the pod's resourceClaims.
request Request of the claim that is meant; all of it when empty.

@core.PodResourceClaimStatus The claim that was made for a pod from a template.
name Name of the claim in the pod's resourceClaims.
resourceClaimName Name of the claim that was made; unset when none was needed.

@core.PodExtendedResourceClaimStatus The claim that the scheduler made for extended resources that are devices.
requestMappings Which request of the claim stands for which resource of which container.
resourceClaimName Name of the claim, in the pod's namespace.

@core.ContainerExtendedResourceRequest Which request of a claim stands for an extended resource of a container.
containerName Name of the container.
requestName Name of the request.
resourceName Name of the extended resource.

@core.NodeAllocatableResourceClaimStatus Resources of the node that a claim for devices took.
containers Names of the containers that use the claim.
resourceClaimName Name of the claim.
resources How much of each resource it took in all.

@core.EnvFromSource Entries of a config map or secret that become environment variables. One of the two is set.
configMapRef The config map.
prefix Text before each name; printable characters without =.
secretRef The secret.

@core.ConfigMapEnvSource A config map whose entries become environment variables.
name Name of the config map.
optional Whether the config map may be missing.

@core.SecretEnvSource A secret whose entries become environment variables.
name Name of the secret.
optional Whether the secret may be missing.

@core.ConfigMapKeySelector An entry of a config map.
key Key of the entry.
name Name of the config map.
optional Whether the config map or the entry may be missing.

@core.SecretKeySelector An entry of a secret.
key Key of the entry.
name Name of the secret.
optional Whether the secret or the entry may be missing.

@core.FileKeySelector A variable of a file in an emptyDir volume of the pod, such as an init container writes.
key Name of the variable in the file.
optional Whether the file or the variable may be missing: then the environment variable is left out. When false, the container does not start without it.
path Path of the file in the volume, without .. in it.
volumeName Name of the volume.

@core.ObjectFieldSelector A field of the pod.
apiVersion API version of the path; v1 when unset.
fieldPath Path of the field, such as metadata.name, metadata.labels['KEY'] or status.podIP.

@core.ResourceFieldSelector A resource of a container.
containerName Name of the container; for environment variables, the container itself when unset.
divisor Unit in which the amount is told, rounded up; 1 when unset.
resource Resource, such as limits.cpu or requests.memory.

@core.ContainerResizePolicy What happens to a container when a resource of it changes.
resourceName The resource: cpu or memory.
restartPolicy NotRequired, when it goes on; RestartContainer, when it is started again. NotRequired when unset.

@core.ContainerRestartRule A rule about what happens when a container has ended.
action Restart starts the container again; RestartAllContainers all containers of the pod, init containers first.
exitCodes Exit codes that the rule is about.

@core.ContainerRestartRuleOnExitCodes Exit codes that a rule is about.
operator In, when the exit code has to be among the values; NotIn, when it must not be.
values The exit codes, at most 255.

@core.GRPCAction A check by the gRPC health service.
port Port of the service, 1 to 65535.
service Name of the service that the health service is asked about; empty for the server as a whole.

@core.HTTPHeader A header of a request.
name Name of the header; small and capital letters are the same.
value Its value.

@core.TCPSocketAction A connection to a port.
host Host to connect to; the pod's address when unset.
port Number or name of the port.

@core.SleepAction A wait.
seconds Seconds to wait.

@core.LifecycleHandler Something that is done around the life of a container. One field is set.
exec Runs a command in the container.
httpGet Sends an HTTP GET.
sleep Waits.
tcpSocket Not supported: it fails when it is to be done.

@core.VolumeDevice A block device in a container.
devicePath Path of the device in the container.
name Name of the volume; its claim is of volume mode Block.

@core.ContainerStatus What is known of a container.
allocatedResources Resources that the node has set aside for the container.
allocatedResourcesStatus Health of devices that the container has.
containerID The container as RUNTIME://ID, such as containerd://0123abcd.
image Image that the container runs; the runtime may have another name for it than the spec.
imageID Digest or identity of the image at the runtime.
lastState How the container ended before it was last started.
name Name of the container.
ready Whether the container passes its readiness check, or has started where it has none.
resources Resources that the running container has.
restartCount How often the container was started again. It may begin anew when the node loses track.
started Whether the startup check has passed and what is done after the start is over.
state What the container does now.
stopSignal Signal by which the container is asked to end. Needs the feature ContainerStopSignals.
user Whom its first process runs as.
volumeMounts How volumes are mounted.

@core.ContainerUser Whom the first process of a container runs as at its start.
linux User and groups of Linux.

@core.LinuxContainerUser User and groups of a process at its start; a process with the rights to do so can change them.
gid Group.
supplementalGroups Further groups.
uid User.

@core.VolumeMountStatus How a volume is mounted in a container.
mountPath Path in the container.
name Name of the volume.
readOnly Whether it can only be read.
recursiveReadOnly Disabled or Enabled: whether mounts below can only be read, too.
volumeStatus What is known of the volume, by its type.

@core.VolumeStatus What is known of a volume, by its type.
image The image that is mounted. Needs the feature ImageVolumeWithDigest.

@core.ImageVolumeStatus The image that is mounted as a volume.
imageRef Digest of the image; at most 256 characters.

@core.ResourceStatus Health of a resource that a container has.
name Name of the resource; claim:CLAIM/REQUEST for a claim.
resources Health of each device.

@core.ResourceHealth Health of a device.
health Healthy, Unhealthy or Unknown; Unhealthy may pass again.
message What there is to say of it, for people.
resourceID Name of the device, unique on the node.

@core.HostIP An address of a node.
ip The address.

@core.PodIP An address of a pod.
ip The address.

@core.Binding Puts a pod on a node.
target The node.

@core.ReplicationController So many pods that are all alike. Replica sets and deployments have taken its place.
spec What pods there should be.
status What pods there are.

@core.ReplicationControllerSpec What pods of a replication controller there should be.
minReadySeconds Seconds for which a new pod has to be ready to count as available; 0 when unset.
replicas How many pods there should be; 1 when unset.
selector Labels of the pods that belong to it; those of the template when unset.
template What the pods are like; their restart policy is Always.

@core.ReplicationControllerStatus What pods of a replication controller there are.
availableReplicas Pods that have been ready for long enough.
conditions Conditions of the replication controller.
fullyLabeledReplicas Pods that have all labels of the template.
observedGeneration Generation of the spec that this status is about.
readyReplicas Pods that are ready.
replicas Pods that there are.

@core.ReplicationControllerCondition Something that is so, or is not, of a replication controller.
lastTransitionTime When the status changed last.
message What there is to say of it, for people.
reason Why the status changed last, in one word for programs.
status True, False or Unknown.
type What it is about: ReplicaFailure.
`
