/** What all groups share: answers, conditions, options of requests, and what the API says of itself. */
export const metaDescriptions = `
@meta.Status Answer of the server that is no object: above all, why a request failed.
code HTTP status of the answer.
details More about the reason, for programs.
message What there is to say of it, for people.
reason Why the request failed, in one word for programs: NotFound, AlreadyExists, Conflict, Invalid, Forbidden and others. It is more exact than the code.
status Success or Failure.

@meta.StatusDetails More about the reason of an answer.
causes What was wrong, one by one; several when a request has several faults.
group Group of the object that it is about.
kind Kind of the object, or the resource, that it is about.
name Name of the object that it is about.
retryAfterSeconds Seconds after which the request is worth another try.
uid UID of the object that it is about.

@meta.StatusCause One thing that was wrong.
field Path of the field, such as spec.ports[0].port; the first element is 0.
message What was wrong, for people.
reason What was wrong, in one word for programs, such as FieldValueRequired.

@meta.Condition Something that is so, or is not, of an object.
lastTransitionTime When the status changed last.
message What there is to say of it, for people; it may be empty.
observedGeneration Generation of the object that this condition is about.
reason Why the status changed last, in one word for programs; it must not be empty.
status True, False or Unknown.
type What it is about, in CamelCase, perhaps with a domain before it as in example.com/Ready.

@meta.DeleteOptions How an object is deleted.
dryRun All, when nothing is to be deleted: the request is only tried.
gracePeriodSeconds Seconds that the object may take to end; 0 deletes at once. What the kind or object says when unset.
ignoreStoreReadErrorWithClusterBreakingPotential Deletes an object that the server can not read any more from its store, past finalizers and everything else. What the object stood for may be left behind.
orphanDependents Older form of propagationPolicy, and not together with it: whether objects that depend on this one stay.
preconditions What has to be so of the object; else the answer is a conflict.
propagationPolicy What becomes of objects that depend on this one: Orphan leaves them, Background deletes them after it, Foreground before it. What its finalizers or the kind say when unset.

@meta.Preconditions What has to be so of an object for a request to be done.
resourceVersion Resource version that it has to have.
uid UID that it has to have.

@meta.ManagedFieldsEntry Fields that somebody manages.
apiVersion Version of the kind that the fields are of.
fieldsType Form of the fields: FieldsV1.
fieldsV1 The fields.
manager Name of whoever manages them.
operation How they were written: Apply or Update.
subresource Subresource that they were written through; empty for the object itself. Managers of different subresources are different ones.
time When the manager last added, changed or removed a field.

@meta.ShardInfo Which part of a collection a list shows.
selector Selector of the part, as the request had it.

@meta.FieldSelectorRequirement What a field has to be.
key Name of the field.
operator In, NotIn, Exists or DoesNotExist.
values Values that the field has to be among, or must not be among; none with Exists and DoesNotExist.

@meta.WatchEvent Something that happened to an object, as a watch tells it.
object The object: as it is now for ADDED and MODIFIED, as it was last for DELETED. A BOOKMARK has little but a resource version; an ERROR is a Status.
type ADDED, MODIFIED, DELETED, BOOKMARK or ERROR.

@meta.APIGroup A group of the API, and its versions.
name Name of the group.
preferredVersion Version that clients should use.
serverAddressByClientCIDRs Addresses of the server that clients of certain networks should use; the longest network counts.
versions Versions that are served, best first.

@meta.APIGroupList The groups of the API.
groups The groups, but for the core group.

@meta.APIVersions Versions of the core group.
serverAddressByClientCIDRs Addresses of the server that clients of certain networks should use; the longest network counts.
versions The versions.

@meta.GroupVersionForDiscovery A version of a group.
groupVersion Group and version, such as apps/v1.
version The version alone.

@meta.ServerAddressByClientCIDR Address of the server for clients of a network.
clientCIDR Network that the client is in.
serverAddress Host or address of the server, perhaps with a port.

@meta.APIResourceList The resources of a group version.
groupVersion Group and version, such as apps/v1.
resources The resources and subresources.

@meta.APIResource A resource or subresource of a group version.
categories Groups of resources that it belongs to, such as all.
group Group of its kind; that of the list when empty.
kind Kind of its objects.
name Name of the resource in paths, plural; or RESOURCE/SUBRESOURCE.
namespaced Whether objects are in namespaces.
shortNames Short names for clients.
singularName Name of one object, for clients.
storageVersionHash Stands for the version in which objects are stored. It is only good for comparing whether that has changed.
verbs What can be done: get, list, watch, create, update, patch, delete, deletecollection and others.
version Version of its kind; that of the list when empty.
`
