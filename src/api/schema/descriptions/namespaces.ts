/** Limits of namespaces, endpoints, and what is known of nodes, services and components. */
export const namespaceDescriptions = `
@core.LimitRange Limits of single pods, containers and claims in a namespace, and what they get when they say nothing.
spec The limits.

@core.LimitRangeSpec Limits in a namespace.
limits The limits; all of them hold.

@core.LimitRangeItem Limits of one kind of thing, by resource.
default Limits of containers that have none; max when unset. For type Container alone.
defaultRequest Requests of containers that have none; default when unset, or else min. For type Container alone.
max The most of each resource, of limits and of what claims request.
maxLimitRequestRatio How many times the request a limit may be at most. Both have to be set then, and more than 0.
min The least of each resource, of requests.
type Container, Pod for all containers of a pod together, or PersistentVolumeClaim.

@core.ResourceQuota How much all objects of a namespace may use together.
spec The limits.
status The limits that hold, and what is used.

@core.ResourceQuotaSpec How much objects of a namespace may use together.
hard The most of each resource, such as pods, requests.cpu or count/deployments.apps.
scopeSelector Scopes with values that objects have to match to be counted, besides scopes.
scopes Scopes that objects have to match, all of them, to be counted: Terminating, NotTerminating, BestEffort, NotBestEffort, PriorityClass, CrossNamespacePodAffinity or VolumeAttributesClass. All objects when unset.

@core.ResourceQuotaStatus Limits of a namespace, and what is used.
hard The most of each resource.
used What is used of each resource.

@core.ScopeSelector Objects that a quota counts; all requirements have to be met.
matchExpressions Requirements on scopes.

@core.ScopedResourceSelectorRequirement What a scope has to be.
operator In, NotIn, Exists or DoesNotExist; Exists alone for scopes other than PriorityClass and VolumeAttributesClass.
scopeName Terminating, NotTerminating, BestEffort, NotBestEffort, PriorityClass, CrossNamespacePodAffinity or VolumeAttributesClass.
values Values for In and NotIn, at least one; none for the others.

@core.NamespaceCondition Something that is so, or is not, of a namespace that is being deleted.
lastTransitionTime When the status changed last.
message What there is to say of it, for people.
reason Why the status changed last, in one word for programs.
status True, False or Unknown.
type What it is about, such as NamespaceContentRemaining or NamespaceFinalizersRemaining.

@core.ObjectReference An object, or a part of one.
apiVersion API version of the object.
fieldPath Part of the object that is meant, such as spec.containers{NAME} for a container.
kind Kind of the object.
name Name of the object.
namespace Namespace of the object.
resourceVersion Resource version of the object that is meant.
uid UID of the object.

@core.LocalObjectReference An object in the same namespace.
name Name of the object; it should not be empty.

@core.SecretReference A secret in any namespace.
name Name of the secret.
namespace Namespace of the secret.

@core.EventSource Who tells of an event.
component Component that tells of it.
host Node that it tells of it from.

@core.EventSeries How an event happened again and again.
count How often it happened, up to lastObservedTime.
lastObservedTime When it was last seen.

@core.Endpoints Addresses behind a service. Deprecated: endpoint slices have taken its place.
subsets The addresses, by the ports that they have.

@core.EndpointSubset Addresses that have the same ports. Deprecated: endpoint slices have taken its place.
addresses Addresses that are ready.
notReadyAddresses Addresses that are not ready, or not any more.
ports Ports that each of them has.

@core.EndpointAddress An address behind a service. Deprecated: endpoint slices have taken its place.
hostname Host name of the address.
ip The address. It must not be of a loopback or link-local network.
nodeName Node that the address is on.
targetRef Object whose address it is, such as a pod.

@core.EndpointPort A port of addresses behind a service. Deprecated: endpoint slices have taken its place.
appProtocol Protocol that the application speaks.
name Name of the port, as the service has it; needed when there are several.
port Number of the port.
protocol TCP, UDP or SCTP; TCP when unset.

@core.ServiceStatus What is known of a service.
conditions Conditions of the service.
loadBalancer Where its load balancer is.

@core.LoadBalancerStatus Where a load balancer is.
ingress Addresses and names of the load balancer.

@core.LoadBalancerIngress An address or a name of a load balancer.
hostname Domain name of the load balancer.
ip Address of the load balancer.
ipMode VIP, when packets come to nodes with this address as their destination; Proxy, when they come with that of the node or pod. VIP when there is an ip and this is unset.
ports State of the service's ports; all of them, or none.

@core.PortStatus State of a port of a load balancer.
error What is wrong with the port, in one word for programs.
port Number of the port.
protocol TCP, UDP or SCTP.

@core.SessionAffinityConfig How long a client stays with a pod.
clientIP For session affinity ClientIP.

@core.ClientIPConfig How long a client stays with a pod, by its address.
timeoutSeconds Seconds since its last connection, 1 to 86400; 10800 when unset.

@core.NodeAddress An address or name of a node.
address The address or name.
type Hostname, InternalIP, ExternalIP, InternalDNS or ExternalDNS.

@core.NodeSystemInfo Versions and identities of a machine and its software.
architecture Architecture of the processor, such as amd64.
bootID Identity that is another after each boot.
containerRuntimeVersion Container runtime and its version, such as containerd://2.1.0.
kernelVersion Version of the kernel, as uname -r has it.
kubeProxyVersion Version of the proxy. Deprecated.
kubeletVersion Version of the kubelet.
machineID Identity of the system, of /etc/machine-id; the one to tell machines apart by.
operatingSystem Operating system, such as linux.
osImage Name and version of the distribution, of /etc/os-release.
swap Swap memory of the node.
systemUUID Identity of the machine, of its firmware.

@core.NodeSwapStatus Swap memory of a node.
capacity How much there is, in bytes.

@core.NodeDaemonEndpoints Where programs of a node listen.
kubeletEndpoint Where the kubelet listens.

@core.DaemonEndpoint Where a program listens.
Port Number of the port.

@core.NodeFeatures What the container runtime of a node can do.
supplementalGroupsPolicy Whether it knows the policy of supplemental groups and tells the users of containers.

@core.NodeRuntimeHandler A way to run containers that runtime classes may name.
features What it can do.
name Name of the handler; empty for the usual one.

@core.NodeRuntimeHandlerFeatures What a way to run containers can do.
recursiveReadOnlyMounts Whether it can mount with all mounts below to be read alone.
userNamespaces Whether it can give pods user namespaces of their own, with volumes.

@core.ContainerImage An image that is on a node.
names Names of the image.
sizeBytes How large it is, in bytes.

@core.AttachedVolume A volume that is attached to a node.
devicePath Path of its device on the node.
name Name of the volume.

@core.NodeConfigSource Where a kubelet's configuration came from once. Without effect.
configMap The config map with the configuration.

@core.ConfigMapNodeConfigSource Config map with a kubelet's configuration. Without effect.
kubeletConfigKey Key of the configuration.
name Name of the config map.
namespace Namespace of the config map.
resourceVersion Resource version of the config map; in a status alone.
uid UID of the config map; in a status alone.

@core.NodeConfigStatus Configurations of a kubelet, while it could be taken from the API. No longer filled in.
active Configuration that was in use.
assigned Configuration that was to be used.
error What was wrong with the configuration that was to be used.
lastKnownGood Configuration to go back to.

@core.ComponentStatus Whether a part of the control plane is healthy. Deprecated.
conditions Conditions: Healthy.

@core.ComponentCondition Whether a part of the control plane is healthy.
error Code of the error, where there is one.
message What there is to say of it, for people.
status True, False or Unknown.
type What it is about: Healthy.
`
