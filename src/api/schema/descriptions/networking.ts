/** Endpoints, addresses, and what ingresses and network policies are made of. */
export const networkingDescriptions = `
@discovery.EndpointSlice Part of the endpoints of a service. All slices of one service have its name in the label kubernetes.io/service-name.
addressType IPv4, IPv6 or FQDN (deprecated); it can not be changed.
endpoints The endpoints; at most 1000.
ports Ports that each of the endpoints has, with names of their own.

@discovery.Endpoint Somebody who serves a service, mostly a pod.
addresses Addresses of the endpoint, 1 to 100; nothing but the first is used.
conditions Whether it can get traffic.
deprecatedTopology Labels of place from v1beta1; can't be written, nodeName and zone say it now.
hints Who had best use this endpoint.
hostname Host name of the endpoint, for names of its own in the DNS.
nodeName Node that the endpoint is on.
zone Zone that the endpoint is in.
targetRef Object that the endpoint stands for, such as a pod.

@discovery.EndpointConditions Whether an endpoint can get traffic.
ready Whether it is to get traffic: as a rule, when it serves and does not terminate. Unset means yes.
serving Whether it can answer, also while it terminates: for a pod, whether it is ready. Unset means yes.
terminating Whether it is about to end. Unset means no.

@discovery.EndpointHints Who had best use an endpoint.
forNodes Nodes whose traffic goes to it; at most 8.
forZones Zones whose traffic goes to it; at most 8.

@discovery.ForNode A node whose traffic goes to an endpoint.
name Name of the node.

@discovery.ForZone A zone whose traffic goes to an endpoint.
name Name of the zone.

@discovery.EndpointPort A port of endpoints.
appProtocol Protocol that the application speaks: a name of IANA's, kubernetes.io/h2c, kubernetes.io/ws, kubernetes.io/wss, or one with a prefix of its own.
name Name of the port, unique in the slice: that of the service's port; empty when unset.
port Number of the port.
protocol TCP, UDP or SCTP; TCP when unset.

@net.IngressRuleValue What happens with requests that a rule is about.
http Where HTTP requests go, by their path.

@net.HTTPIngressRuleValue Where HTTP requests go, by their path.
paths Paths, and where requests for them go; at least one.

@net.IngressBackend Where requests go. One of service and resource is set.
resource Object of any kind in the ingress's namespace that the ingress controller knows to send requests to.
service Service that requests go to.

@net.IngressServiceBackend A service that requests go to.
name Name of the service, in the ingress's namespace.
port Port of the service.

@net.ServiceBackendPort A port of a service, by its name or its number.
name Name of the port; not together with number.
number Number of the port; not together with name.

@net.IngressTLS Certificate for some hosts.
hosts Hosts that the certificate is for; without any, the controller takes its default for all hosts.
secretName Secret in the same namespace with the certificate and its key.

@net.IngressStatus What is known of an ingress.
loadBalancer Where the ingress is reached.

@net.IngressLoadBalancerStatus Where an ingress is reached.
ingress Addresses of the load balancer.

@net.IngressLoadBalancerIngress An address of a load balancer.
hostname Domain name of the load balancer, where it has one.
ip IP address of the load balancer, where it has one.
ports Ports of the load balancer.

@net.IngressPortStatus A port of a load balancer.
error What is wrong with the port: a word in CamelCase, with a prefix such as example.com/ when it is not of Kubernetes.
port Number of the port.
protocol TCP, UDP or SCTP.

@net.IngressClass A class of ingresses: who implements them, and how. The annotation ingressclass.kubernetes.io/is-default-class makes it that of ingresses without one.
spec Who implements the class, and with what parameters.

@net.IngressClassSpec Who implements a class of ingresses.
controller Name of the controller, such as example.com/ingress-controller; at most 250 characters. It can not be changed.
parameters Object with further settings for the controller.

@net.IngressClassParametersReference An object with settings for an ingress controller.
apiGroup Group of the kind; the core group when unset.
kind Kind of the object.
name Name of the object.
namespace Namespace of the object; needed for scope Namespace, and not to be set for Cluster.
scope Cluster or Namespace: whether the object has a namespace; Cluster when unset.

@net.NetworkPolicyPeer Pods or addresses that traffic comes from or goes to.
ipBlock Addresses; not together with the selectors.
namespaceSelector Labels of namespaces; an empty selector means all of them. Without podSelector, all their pods are meant.
podSelector Labels of pods, in the namespaces that namespaceSelector chooses, or without it in the policy's own; an empty selector means all of them.

@net.IPBlock Addresses of a network.
cidr The network, such as 192.168.1.0/24 or 2001:db8::/64.
except Networks within it that are left out.

@net.NetworkPolicyPort Ports that traffic goes to.
endPort Last port of a range that begins with port, which has to be a number then and no larger.
port Number or name of a port of the pods; all of them when unset.
protocol TCP, UDP or SCTP; TCP when unset.

@net.IPAddress An IP address that is taken, by an object such as a service. Its name is the address in canonical form.
spec Who has the address.

@net.IPAddressSpec Who has an IP address.
parentRef Object that has the address; it can not be changed.

@net.ParentReference An object that has something.
group Group of the object's resource; empty for the core group.
name Name of the object.
namespace Namespace of the object.
resource Resource of the object, such as services.

@net.ServiceCIDR Addresses that services get their cluster IPs from.
spec The addresses.
status What is known of them.

@net.ServiceCIDRSpec Addresses that services get their cluster IPs from.
cidrs One network such as 10.96.0.0/16, or two, one of each family. The second can be added later; nothing else changes.

@net.ServiceCIDRStatus What is known of addresses for services.
conditions Conditions such as Ready, which is false while the object is being deleted.
`
