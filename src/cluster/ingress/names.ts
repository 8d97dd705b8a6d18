// What has to be known before the room of Ingresses is loaded, which waits for the first of them.

/** What an IngressClass names when its Ingresses are ours. */
export const ingressController = 'k8ts.dev/ingress'

/** The class that a cluster has from its beginning. */
export const ingressClassName = 'k8ts'

/** What a GatewayClass names when its Gateways are ours. */
export const gatewayController = 'k8ts.dev/gateway'

/** As which service account of kube-system Ingresses are served. */
export const ingressAccount = 'k8ts-ingress'
