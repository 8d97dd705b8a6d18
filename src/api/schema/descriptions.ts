import { accessDescriptions } from './descriptions/access.ts'
import { admissionDescriptions } from './descriptions/admission.ts'
import { classDescriptions } from './descriptions/classes.ts'
import { clusterDescriptions } from './descriptions/cluster.ts'
import { deviceDescriptions } from './descriptions/devices.ts'
import { eventDescriptions } from './descriptions/events.ts'
import { flowControlDescriptions } from './descriptions/flowcontrol.ts'
import { metricsDescriptions } from './descriptions/metrics.ts'
import { containerDescriptions } from './descriptions/containers.ts'
import { extensionDescriptions } from './descriptions/extensions.ts'
import { metaDescriptions } from './descriptions/meta.ts'
import { namespaceDescriptions } from './descriptions/namespaces.ts'
import { networkingDescriptions } from './descriptions/networking.ts'
import { podDescriptions } from './descriptions/pods.ts'
import { scalingDescriptions } from './descriptions/scaling.ts'
import { statusDescriptions } from './descriptions/status.ts'
import { readDescriptions } from './descriptions/read.ts'
import { storageDescriptions } from './descriptions/storage.ts'
import { volumeSourceDescriptions } from './descriptions/volume-sources.ts'
import { volumeDescriptions } from './descriptions/volumes.ts'
import { workloadDescriptions } from './descriptions/workloads.ts'
import type { StructType } from './types.ts'

/** What users read about a type in `kubectl explain`: the type itself, and its fields. */
export interface TypeDescription {
  readonly text: string
  readonly fields: { readonly [field: string]: string }
}

interface ListDescription extends TypeDescription {
  readonly fields: { readonly items: string; readonly metadata: string }
}

/** Of the fields that every kind has. */
export const kindDescriptions = {
  apiVersion:
    'APIVersion defines the group and version of the schema that this object is written in. The server converts from the versions that it serves, and refuses others.',
  kind: 'Kind names what this object stands for, in CamelCase. The server takes it from the path that a request goes to; it can not be changed.',
  metadata:
    "Standard object's metadata: name, namespace, labels, annotations, and what the system keeps about the object.",
} as const

/** Of a list of objects of a kind. */
export function listDescription(kind: string): ListDescription {
  const metadata = "Standard list's metadata: the state of the collection that it shows, and whether there is more."
  return { text: `A list of objects of kind ${kind}.`, fields: { items: 'Objects of the list.', metadata } }
}

const objectMeta: TypeDescription = {
  text: 'ObjectMeta is what all persistent objects have in common, those of users and those of the system.',
  fields: {
    name: 'Name is unique among the objects of the kind in a namespace, or in the cluster where the kind has no namespaces. It is needed to create an object, unless generateName makes one, and can not be changed.',
    generateName:
      'GenerateName is a prefix from which the server makes a unique name when there is no name. Whoever creates the object learns the name from the answer.',
    namespace:
      'Namespace is the space in which the name is unique. Empty means the default namespace; some kinds live in none. It can not be changed.',
    selfLink: 'SelfLink is no longer filled in by the system.',
    uid: 'UID is unique in time and space: an object that is created again under its old name has another. Set by the system. Read-only.',
    resourceVersion:
      'ResourceVersion stands for the state of the object that the server has stored. Clients compare it for equality, send it back to change nothing but what they have seen, and watch from it. Set by the system. Read-only.',
    generation:
      'Generation is a number that grows whenever the desired state of the object changes. Set by the system. Read-only.',
    creationTimestamp:
      'CreationTimestamp is a timestamp of when the server created the object, in RFC 3339 and UTC. Set by the system. Read-only.',
    deletionTimestamp:
      'DeletionTimestamp is the time at which the object will be deleted, in RFC 3339. The server sets it when the deletion of the object is asked for and can not be done at once: until finalizers are gone and the grace period is over. It can be brought forward but not taken back. Read-only.',
    deletionGracePeriodSeconds:
      'DeletionGracePeriodSeconds is how many seconds the object may take to end after its deletion was asked for. It can be made shorter. Read-only.',
    labels:
      'Labels are keys and values by which users organize and select objects, such as the selectors of services and replica sets do.',
    annotations:
      'Annotations are keys and values that tools store with the object. They can not be selected by, and are kept when the object is changed.',
    ownerReferences:
      'OwnerReferences are the objects that this one depends on. When all of them are deleted, it is collected as garbage. At most one of them is the controller that manages it.',
    finalizers:
      'Finalizers must be removed before the object goes: each is the name of somebody who has something to do first. They are processed in any order.',
    managedFields:
      'ManagedFields says which fields are managed by which workflow, at which version, since when. It is for the server and its clients; users seldom need to look at it.',
  },
}

const listMeta: TypeDescription = {
  text: 'ListMeta is what all lists have in common.',
  fields: {
    selfLink: 'SelfLink is no longer filled in by the system.',
    resourceVersion:
      'ResourceVersion stands for the state of the collection that the list shows; clients watch from it. Set by the system. Read-only.',
    continue:
      'Continue is set when there is more than the limit that the client asked for: the next request that sends it gets the rest of the same list, for some minutes.',
    remainingItemCount:
      'RemainingItemCount is how many items follow in this list, where the server knows it. It is for estimates alone.',
    shardInfo:
      'ShardInfo tells which part of the collection the list shows, where the request asked for one. Needs the feature ShardedListAndWatch.',
  },
}

const ownerReference: TypeDescription = {
  text: 'OwnerReference names an object that owns another, in the same namespace or in none.',
  fields: {
    apiVersion: 'APIVersion of the owner.',
    kind: 'Kind of the owner.',
    name: 'Name of the owner.',
    uid: 'UID of the owner.',
    controller: 'Controller is true for the owner that manages the object.',
    blockOwnerDeletion:
      'BlockOwnerDeletion is true when the owner, being deleted in the foreground, has to wait until this object is gone.',
  },
}

const meta = 'io.k8s.apimachinery.pkg.apis.meta.v1'

const core = 'io.k8s.api.core.v1'

/** What containers have and these can not. */
const notEphemeral = [
  'ports',
  'resources',
  'resizePolicy',
  'restartPolicy',
  'restartPolicyRules',
  'livenessProbe',
  'readinessProbe',
  'startupProbe',
  'lifecycle',
]

const ephemeralContainer = ({ fields }: TypeDescription): TypeDescription => ({
  text: 'A container that is put into a pod that runs, to look into it: it is never started again, and can not be taken out.',
  fields: {
    ...fields,
    ...Object.fromEntries(notEphemeral.map((field) => [field, 'Not allowed in ephemeral containers.'])),
    targetContainerName: 'Container whose processes it sees; those of its own alone when empty.',
  },
})

const written = [
  podDescriptions,
  containerDescriptions,
  volumeDescriptions,
  volumeSourceDescriptions,
  workloadDescriptions,
  scalingDescriptions,
  accessDescriptions,
  extensionDescriptions,
  metaDescriptions,
  statusDescriptions,
  clusterDescriptions,
  namespaceDescriptions,
  networkingDescriptions,
  admissionDescriptions,
  classDescriptions,
  deviceDescriptions,
  eventDescriptions,
  flowControlDescriptions,
  metricsDescriptions,
  storageDescriptions,
]

const byDefinition: { readonly [definition: string]: TypeDescription } = {
  [`${meta}.ObjectMeta`]: objectMeta,
  [`${meta}.ListMeta`]: listMeta,
  [`${meta}.OwnerReference`]: ownerReference,
}

let read: ReadonlyMap<string, TypeDescription> | undefined

/** What is written about types, by their OpenAPI definition names; read when it is first asked for. */
export function writtenDescriptions(): ReadonlyMap<string, TypeDescription> {
  if (!read) {
    const all = new Map(Object.entries(byDefinition))
    for (const text of written) readDescriptions(text, all)
    const container = all.get(`${core}.Container`)
    if (container) all.set(`${core}.EphemeralContainer`, ephemeralContainer(container))
    read = all
  }
  return read
}

/** What is written about a type, by its OpenAPI definition name; `undefined` where nothing is. */
export const descriptionOf = (definition: string): TypeDescription | undefined => writtenDescriptions().get(definition)

/** What is to be read about a type: what is written about it, or what holds for every list. */
export function describedType({ definition, hasTypeMeta, byName }: StructType): TypeDescription | undefined {
  const written = descriptionOf(definition)
  const items = byName.get('items')?.type
  if (!hasTypeMeta || items?.kind !== 'list' || items.element.kind !== 'struct') return written
  const { text, fields } = listDescription(items.element.name)
  return { text: written?.text ?? text, fields: { ...fields, ...written?.fields } }
}
