import { customGroup } from './resources.ts'

/** What makes an object of a resource valid, but for its metadata. */
const container = { name: 'c', image: 'registry.example/app:1' }
const selector = { matchLabels: { app: 'a' } }
const template = { metadata: { labels: { app: 'a' } }, spec: { containers: [container] } }
const claim = { accessModes: ['ReadWriteOnce'], resources: { requests: { storage: '1Gi' } } }
const role = [{ apiGroups: [''], resources: ['pods'], verbs: ['get'] }]
const subjects = [{ kind: 'User', name: 'fz-a', apiGroup: 'rbac.authorization.k8s.io' }]
const deviceRequests = { devices: { requests: [{ name: 'r', exactly: { deviceClassName: 'fz-a' } }] } }
const matchResources = {
  // Policies see what is in namespaces of this label alone, or they would soon be all that is tried.
  namespaceSelector: { matchLabels: { fuzz: 'policies' } },
  resourceRules: [{ apiGroups: ['', 'apps'], apiVersions: ['*'], operations: ['*'], resources: ['*'] }],
}
const schema = {
  type: 'object',
  properties: {
    spec: {
      type: 'object',
      properties: {
        replicas: { type: 'integer', minimum: 0, default: 1 },
        list: {
          type: 'array',
          items: { type: 'object', properties: { a: { type: 'string' } }, required: ['a'] },
          'x-kubernetes-list-type': 'map',
          'x-kubernetes-list-map-keys': ['a'],
        },
        any: { 'x-kubernetes-preserve-unknown-fields': true },
        text: { type: 'string', maxLength: 20, pattern: '^[a-z]*$' },
      },
      'x-kubernetes-validations': [{ rule: '!has(self.replicas) || self.replicas < 1000' }],
    },
    status: {
      type: 'object',
      properties: { replicas: { type: 'integer' } },
      'x-kubernetes-preserve-unknown-fields': true,
    },
  },
}

const definition = (plural: string, kind: string, scope: string): object => ({
  metadata: { name: `${plural}.${customGroup}` },
  spec: {
    group: customGroup,
    scope,
    names: { plural, singular: kind.toLowerCase(), kind, listKind: `${kind}List` },
    versions: [
      {
        name: 'v1',
        served: true,
        storage: true,
        schema: { openAPIV3Schema: schema },
        subresources: {
          status: {},
          scale: { specReplicasPath: '.spec.replicas', statusReplicasPath: '.status.replicas' },
        },
        additionalPrinterColumns: [{ name: 'R', type: 'integer', jsonPath: '.spec.replicas' }],
        selectableFields: [{ jsonPath: '.spec.text' }],
      },
    ],
  },
})

const webhook = {
  name: 'a.fuzz.example',
  clientConfig: { url: 'https://127.0.0.1:1/x' },
  rules: [{ apiGroups: [''], apiVersions: ['v1'], operations: ['*'], resources: ['configmaps'] }],
  namespaceSelector: { matchLabels: { fuzz: 'policies' } },
  sideEffects: 'None',
  admissionReviewVersions: ['v1'],
  timeoutSeconds: 1,
}

export const examples: { readonly [plural: string]: readonly object[] } = {
  configmaps: [{ data: { a: 'b' } }],
  secrets: [{ data: { a: 'YQ==' } }, { type: 'kubernetes.io/tls', stringData: { 'tls.crt': 'x', 'tls.key': 'y' } }],
  pods: [
    { spec: { containers: [container] } },
    { spec: { nodeName: 'fz-a', containers: [container], tolerations: [{ operator: 'Exists' }] } },
  ],
  podtemplates: [{ template }],
  replicationcontrollers: [{ spec: { selector: { app: 'a' }, template } }],
  services: [
    { spec: { ports: [{ port: 80 }], selector: { app: 'a' } } },
    { spec: { type: 'NodePort', ports: [{ port: 80 }] } },
    { spec: { type: 'ExternalName', externalName: 'a.example' } },
  ],
  endpoints: [{ subsets: [{ addresses: [{ ip: '10.1.1.1' }], ports: [{ port: 80 }] }] }],
  endpointslices: [{ addressType: 'IPv4', endpoints: [{ addresses: ['10.1.1.1'] }], ports: [{ port: 80 }] }],
  namespaces: [{}, { metadata: { labels: { fuzz: 'policies' } } }],
  nodes: [
    {
      spec: {},
      status: {
        addresses: [{ type: 'InternalIP', address: '127.0.0.1' }],
        daemonEndpoints: { kubeletEndpoint: { Port: 1 } },
      },
    },
  ],
  limitranges: [{ spec: { limits: [{ type: 'Container', default: { cpu: '1' } }] } }],
  resourcequotas: [{ spec: { hard: { pods: '20', 'requests.cpu': '10' } } }],
  serviceaccounts: [{}],
  persistentvolumes: [
    { spec: { capacity: { storage: '1Gi' }, accessModes: ['ReadWriteOnce'], hostPath: { path: '/tmp' } } },
  ],
  persistentvolumeclaims: [{ spec: claim }],
  events: [
    { involvedObject: { kind: 'Pod', namespace: 'fz-1', name: 'fz-a' }, reason: 'a', type: 'Normal' },
    {
      eventTime: '2024-01-01T00:00:00.000000Z',
      regarding: { namespace: 'fz-1' },
      action: 'a',
      reason: 'b',
      type: 'Normal',
      reportingController: 'fuzz.example/x',
      reportingInstance: 'i',
    },
  ],
  deployments: [{ spec: { selector, template } }],
  replicasets: [{ spec: { selector, template } }],
  daemonsets: [{ spec: { selector, template } }],
  statefulsets: [
    {
      spec: {
        selector,
        template,
        serviceName: 'fz-a',
        volumeClaimTemplates: [{ metadata: { name: 'v' }, spec: claim }],
      },
    },
  ],
  controllerrevisions: [{ revision: 1, data: { a: 1 } }],
  jobs: [{ spec: { template: { spec: { containers: [container], restartPolicy: 'Never' } } } }],
  cronjobs: [
    {
      spec: {
        schedule: '* * * * *',
        jobTemplate: { spec: { template: { spec: { containers: [container], restartPolicy: 'Never' } } } },
      },
    },
  ],
  horizontalpodautoscalers: [
    { spec: { scaleTargetRef: { kind: 'Deployment', name: 'fz-a', apiVersion: 'apps/v1' }, maxReplicas: 3 } },
  ],
  certificatesigningrequests: [{ spec: { request: 'YQ==', signerName: 'fuzz.example/x', usages: ['client auth'] } }],
  leases: [{ spec: { holderIdentity: 'a', leaseDurationSeconds: 10 } }],
  flowschemas: [{ spec: { priorityLevelConfiguration: { name: 'fz-a' }, matchingPrecedence: 9000 } }],
  prioritylevelconfigurations: [
    { spec: { type: 'Limited', limited: { nominalConcurrencyShares: 1, limitResponse: { type: 'Reject' } } } },
  ],
  ingresses: [{ spec: { defaultBackend: { service: { name: 'fz-a', port: { number: 80 } } } } }],
  ingressclasses: [{ spec: { controller: 'fuzz.example/x' } }],
  networkpolicies: [{ spec: { podSelector: {} } }],
  ipaddresses: [
    { metadata: { name: '10.0.0.77' }, spec: { parentRef: { resource: 'services', namespace: 'fz-1', name: 'fz-a' } } },
  ],
  servicecidrs: [{ spec: { cidrs: ['10.77.0.0/24'] } }],
  runtimeclasses: [{ handler: 'a' }],
  poddisruptionbudgets: [{ spec: { minAvailable: 1, selector } }],
  roles: [{ rules: role }],
  clusterroles: [{ rules: role }, { aggregationRule: { clusterRoleSelectors: [selector] } }],
  rolebindings: [{ subjects, roleRef: { kind: 'Role', name: 'fz-a', apiGroup: 'rbac.authorization.k8s.io' } }],
  clusterrolebindings: [
    { subjects, roleRef: { kind: 'ClusterRole', name: 'fz-a', apiGroup: 'rbac.authorization.k8s.io' } },
  ],
  priorityclasses: [{ value: 10 }],
  csidrivers: [{ spec: { attachRequired: false } }],
  csinodes: [{ spec: { drivers: [{ name: 'a.example', nodeID: 'n' }] } }],
  csistoragecapacities: [{ storageClassName: 'fz-a', capacity: '1Gi' }],
  storageclasses: [{ provisioner: 'fuzz.example/x' }],
  volumeattachments: [
    { spec: { attacher: 'fuzz.example/x', nodeName: 'fz-a', source: { persistentVolumeName: 'fz-a' } } },
  ],
  volumeattributesclasses: [{ driverName: 'fuzz.example', parameters: { a: 'b' } }],
  deviceclasses: [{ spec: { selectors: [{ cel: { expression: 'device.driver == "a"' } }] } }],
  resourceclaims: [{ spec: deviceRequests }],
  resourceclaimtemplates: [{ spec: { spec: deviceRequests } }],
  resourceslices: [
    {
      spec: {
        driver: 'fuzz.example',
        nodeName: 'fz-a',
        pool: { name: 'p', generation: 1, resourceSliceCount: 1 },
        devices: [{ name: 'd' }],
      },
    },
  ],
  customresourcedefinitions: [
    definition('widgets', 'Widget', 'Namespaced'),
    definition('gadgets', 'Gadget', 'Cluster'),
  ],
  apiservices: [
    {
      metadata: { name: 'v1.remote.example' },
      spec: {
        group: 'remote.example',
        version: 'v1',
        groupPriorityMinimum: 100,
        versionPriority: 100,
        insecureSkipTLSVerify: true,
        service: { namespace: 'fz-1', name: 'fz-a' },
      },
    },
  ],
  validatingadmissionpolicies: [
    {
      spec: {
        matchConstraints: matchResources,
        validations: [{ expression: 'true' }],
        variables: [{ name: 'v', expression: '1' }],
      },
    },
  ],
  validatingadmissionpolicybindings: [{ spec: { policyName: 'fz-a', validationActions: ['Deny'] } }],
  mutatingadmissionpolicies: [
    {
      spec: {
        matchConstraints: matchResources,
        reinvocationPolicy: 'Never',
        mutations: [
          {
            patchType: 'ApplyConfiguration',
            applyConfiguration: { expression: 'Object{metadata: Object.metadata{labels: {"a": "b"}}}' },
          },
        ],
      },
    },
  ],
  mutatingadmissionpolicybindings: [{ spec: { policyName: 'fz-a' } }],
  validatingwebhookconfigurations: [{ webhooks: [webhook] }],
  mutatingwebhookconfigurations: [{ webhooks: [webhook] }],
  bindings: [{ target: { kind: 'Node', name: 'fz-a' } }],
  tokenreviews: [{ spec: { token: 'a.b.c' } }],
  selfsubjectreviews: [{}],
  subjectaccessreviews: [{ spec: { user: 'a', resourceAttributes: { verb: 'get', resource: 'pods' } } }],
  selfsubjectaccessreviews: [{ spec: { resourceAttributes: { verb: 'get', resource: 'pods' } } }],
  localsubjectaccessreviews: [
    {
      metadata: { namespace: 'fz-1' },
      spec: { user: 'a', resourceAttributes: { namespace: 'fz-1', verb: 'get', resource: 'pods' } },
    },
  ],
  selfsubjectrulesreviews: [{ spec: { namespace: 'fz-1' } }],
  widgets: [{ spec: { replicas: 1, list: [{ a: 'x' }], text: 'abc' } }],
  gadgets: [{ spec: { any: { b: [1, null] } } }],
}

/** Bodies of subresources that are objects of their own. */
export const subresourceExamples: { readonly [name: string]: object } = {
  binding: { target: { kind: 'Node', name: 'fz-a' } },
  eviction: { metadata: { name: 'fz-a' } },
  scale: { spec: { replicas: 2 } },
  token: { spec: { audiences: ['api'], expirationSeconds: 600 } },
  ephemeralcontainers: { spec: { containers: [container], ephemeralContainers: [{ name: 'e', image: 'a' }] } },
}
