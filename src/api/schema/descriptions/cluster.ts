/** Services, networks, configuration, rights, nodes, leases, and who serves the API. */
export const clusterDescriptions = `
@core.Service A name and an address for a set of pods.
spec Which pods, and how they are reached.
status What is known of the service, such as addresses of a load balancer.

@core.ServiceSpec Which pods a service stands for, and how they are reached.
allocateLoadBalancerNodePorts Whether a load balancer gets ports of the nodes.
clusterIP Address within the cluster; None for a headless service.
clusterIPs Addresses within the cluster, one of each family.
externalIPs Further addresses that nodes take traffic for.
externalName Domain name that a service of type ExternalName stands for.
externalTrafficPolicy Cluster, or Local: traffic from outside only goes to pods of the node it came to.
healthCheckNodePort Port of the nodes that tells whether they have pods of the service.
internalTrafficPolicy Cluster, or Local: traffic from within only goes to pods of the same node.
ipFamilies Families of the addresses, in their order: IPv4, IPv6.
ipFamilyPolicy SingleStack, PreferDualStack or RequireDualStack.
loadBalancerClass Which implementation of load balancers is meant.
loadBalancerSourceRanges Clients that the load balancer lets in.
ports Ports of the service.
publishNotReadyAddresses Whether pods that are not ready count, too.
selector Labels of the pods; without it, somebody else keeps the endpoints.
sessionAffinity None, or ClientIP: a client stays with a pod.
trafficDistribution Which pods are preferred, such as those near the client.
type ClusterIP, NodePort, LoadBalancer or ExternalName; ClusterIP when unset.
loadBalancerIP Address that a load balancer should have, where its implementation knows the field. Deprecated.
sessionAffinityConfig How long a client stays with a pod.

@core.ServicePort A port of a service.
appProtocol Protocol that the application speaks.
name Name of the port; needed when there are several.
nodePort Port of every node, for types NodePort and LoadBalancer.
port Port of the service.
protocol TCP, UDP or SCTP; TCP when unset.
targetPort Number or name of the port of the pods; the service's port when unset.

@net.Ingress Rules by which requests from outside reach services.
spec The rules.
status Addresses of the load balancer.

@net.IngressSpec Rules for requests from outside.
defaultBackend Where requests go that no rule is about.
ingressClassName Class of the ingress: who implements it.
rules Rules by host.
tls Certificates by host.

@net.IngressRule Rules for one host.
host Host of the requests; all of them when unset. A leading *. stands for one label.
http Where the requests go, by their path.

@net.HTTPIngressPath Where requests for a path go.
backend Where they go.
path Path of the requests.
pathType Exact, Prefix, or ImplementationSpecific.

@net.NetworkPolicy What traffic of pods is let through.
spec The rules.

@net.NetworkPolicySpec What traffic of which pods is let through.
egress Traffic that may leave the pods; each rule lets more through.
ingress Traffic that may reach the pods; each rule lets more through.
podSelector Pods that the policy is about; empty for all of the namespace.
policyTypes Whether it is about Ingress, Egress or both; when unset Ingress, and Egress where there are egress rules.

@net.NetworkPolicyIngressRule Traffic that may reach pods.
from Where it comes from; anywhere when unset.
ports Ports of the pods; all when unset.

@net.NetworkPolicyEgressRule Traffic that may leave pods.
ports Ports that it goes to; all when unset.
to Where it goes; anywhere when unset.

@core.ConfigMap Configuration as keys and values.
binaryData Values of any bytes, in base64.
data Values of text.
immutable Whether the values can not be changed any more.

@core.Secret Keys and values that are nobody else's business.
data Values in base64.
immutable Whether the values can not be changed any more.
stringData Values of text, to be written only; they end up in data.
type What the secret is for, such as Opaque or kubernetes.io/tls.

@core.ServiceAccount An identity for programs.
automountServiceAccountToken Whether pods get a token of it.
imagePullSecrets Secrets with credentials for images of its pods.
secrets Secrets that its pods may use.

@core.Namespace A space in which names are unique.
spec How the namespace behaves.
status Where in its life it is.

@core.NamespaceSpec How a namespace behaves.
finalizers What has to be done before the namespace goes.

@core.NamespaceStatus Where in its life a namespace is.
conditions What keeps a namespace that is being deleted.
phase Active or Terminating.

@core.Node A machine that runs pods.
spec How the node is used.
status What is known of the node; written by itself.

@core.NodeSpec How a node is used.
podCIDR Block of addresses for its pods.
podCIDRs Blocks of addresses for its pods, one of each family.
providerID Name of the machine where it comes from.
taints What keeps pods away that do not put up with it.
unschedulable Whether no new pods are to come.
configSource Where the kubelet's configuration came from once. Without effect.
externalID Older name of the machine. Without effect.

@core.NodeStatus What is known of a node.
addresses Addresses and names of the node.
allocatable Resources that pods can have.
capacity Resources that the node has.
conditions Conditions such as Ready, MemoryPressure and DiskPressure.
images Images that are on the node.
nodeInfo Versions and identities of the machine and its software.
volumesAttached Volumes that are attached.
volumesInUse Volumes that are mounted.
config Configurations of the kubelet, while it could be taken from the API. No longer filled in.
daemonEndpoints Where the kubelet listens.
declaredFeatures Features that the node says it has, for pods that need them.
features What the container runtime can do.
phase Where in its life the node is. Never filled in.
runtimeHandlers Ways to run containers that runtime classes may name.

@core.Taint What keeps pods away from a node.
effect NoSchedule, PreferNoSchedule, or NoExecute, which also ends pods that are there.
key Key of the taint.
timeAdded When the taint was put on.
value Value of the taint.

@rbac.Role Rights within a namespace.
rules What may be done.

@rbac.ClusterRole Rights in the whole cluster, or in namespaces where it is bound.
aggregationRule Labels of cluster roles whose rules this one takes over.
rules What may be done.

@rbac.PolicyRule What may be done with what.
apiGroups Groups of the resources; * for all.
nonResourceURLs Paths that are no resources; a * at the end for all below.
resourceNames Names of objects; all when unset.
resources Resources, pods or pods/log; * for all.
verbs What may be done: get, list, watch, create, update, patch, delete and others; * for all.

@rbac.RoleBinding Gives the rights of a role, within a namespace.
roleRef Role or cluster role; it can not be changed.
subjects Who gets the rights.

@rbac.ClusterRoleBinding Gives the rights of a cluster role, in the whole cluster.
roleRef Cluster role; it can not be changed.
subjects Who gets the rights.

@rbac.AggregationRule Where a cluster role takes its rules from.
clusterRoleSelectors Labels of cluster roles; the rules of all that match any of the selectors are taken over.

@rbac.RoleRef A role, or a cluster role.
apiGroup Group of the kind: rbac.authorization.k8s.io.
kind Role or ClusterRole.
name Name of the role.

@rbac.Subject Somebody who gets rights.
apiGroup Group of the kind: rbac.authorization.k8s.io for users and groups.
kind User, Group or ServiceAccount.
name Name of the subject.
namespace Namespace of a service account.

@coordination.Lease Who holds something that one process at a time may hold, such as leadership; and the heartbeat of nodes.
spec Who holds it, and since when.

@coordination.LeaseSpec Who holds a lease, and since when.
acquireTime When its holder took it.
holderIdentity Name of the holder; with coordinated leader election, of the candidate that was elected.
leaseDurationSeconds Seconds after renewTime until others may take it; more than 0.
leaseTransitions How often it went from one holder to another.
preferredHolder Name of a better holder, for which the holder should give it up; only with a strategy. Needs the feature CoordinatedLeaderElection.
renewTime When its holder last renewed it.
strategy How coordinated leader election chooses the holder, such as OldestEmulationVersion; not coordinated when unset. Needs the feature CoordinatedLeaderElection.

@apiregistration.APIService A group version of the API, and who serves it. Its name is VERSION.GROUP.
spec Who serves it, and how it is ranked.
status Whether it can be reached.

@apiregistration.APIServiceSpec Who serves a group version, and how it is ranked.
caBundle Certificates, in PEM and base64, of authorities that the server's certificate may come from; those that the API server's system trusts when unset.
group Name of the group.
groupPriorityMinimum Rank of the group, 1 to 20000; groups of a higher rank are preferred. The highest of its versions counts.
insecureSkipTLSVerify Whether the server's certificate is not checked; not together with caBundle.
service Service that serves it; the API server itself when unset, and then there is no caBundle and no insecureSkipTLSVerify.
version Name of the version, such as v1.
versionPriority Rank of the version in its group, 1 to 1000; higher ones come first. Equal ones are ordered as versions: v2, v1, v1beta1.

@apiregistration.APIServiceStatus Whether a group version can be reached.
conditions Conditions: Available.

@apiregistration.APIServiceCondition Something that is so, or is not, of a group version.
lastTransitionTime When the status changed last.
message What there is to say of it, for people.
reason Why the status changed last, in one word for programs.
status True, False or Unknown.
type What it is about: Available.

@apiregistration.ServiceReference The service that serves a group version.
name Name of the service.
namespace Namespace of the service.
port Port of the service, 1 to 65535; 443 when unset.
`
