/** Drivers of storage, and what they do with volumes. */
export const storageDescriptions = `
@storage.CSIDriver A driver of storage. Its name is that by which the driver names itself, of at most 63 characters.
spec What the driver needs, and what it can do.

@storage.CSIDriverSpec What a driver of storage needs, and what it can do.
attachRequired Whether volumes have to be attached to a node before they are mounted; true when unset. It can not be changed.
fsGroupPolicy When the owner and the permissions of files are set for a pod's fsGroup: ReadWriteOnceWithFSType (only where the volume has a file system type and is for one node), File (always) or None (never); ReadWriteOnceWithFSType when unset.
nodeAllocatableUpdatePeriodSeconds Seconds between updates of how many volumes a node can have, at least 10; it is also updated when there was no room. Never updated when unset.
podInfoOnMount Whether the driver is told the pod's name, namespace, UID and whether the volume is ephemeral, when it mounts; false when unset.
preventPodSchedulingIfMissing Whether pods with volumes of the driver only get to nodes that have the driver; false when unset.
requiresRepublish Whether the driver is called time and again to bring what is in the volume up to date; false when unset.
seLinuxMount Whether volumes can be mounted with an SELinux context each, by the option -o context; false when unset.
serviceAccountTokenInSecrets Whether the driver gets tokens among the secrets of its calls, not in the volume's context; false when unset. Only with tokenRequests.
storageCapacity Whether the scheduler heeds how much storage there is, as CSIStorageCapacity objects tell; false when unset.
tokenRequests Tokens of the pod's service account that the driver gets when it mounts, each for another audience.
volumeLifecycleModes Persistent (volumes for claims), Ephemeral (volumes written out in a pod) or both; Persistent when empty. It can not be changed.

@storage.TokenRequest A token of a service account that a driver gets.
audience Whom the token is for; the API server when empty.
expirationSeconds Seconds for which the token is good, at least 600; 3600 when unset.

@storage.CSINode Drivers of storage that a node has. It has the name of the node.
spec The drivers.

@storage.CSINodeSpec Drivers of storage that a node has.
drivers The drivers; written by the kubelet.

@storage.CSINodeDriver A driver of storage on a node.
allocatable How many volumes of the driver the node can have.
name Name of the driver.
nodeID Name that the driver has for the node.
topologyKeys Labels of the node by which the driver tells where volumes can be reached.

@storage.VolumeNodeResources How many volumes a node can have.
count Volumes of the driver that pods of the node can use at a time; no limit when unset.

@storage.CSIStorageCapacity How much storage of a class there is for some nodes.
capacity Storage from which volumes can be made; not known when unset.
maximumVolumeSize Size of the largest volume that can be made. The scheduler goes by it, and by capacity when it is unset.
nodeTopology Labels of the nodes that reach the storage: all for an empty selector, none when unset. It can not be changed.
storageClassName Class of the storage; it can not be changed.

@storage.VolumeAttachment That a volume is to be attached to a node.
spec The volume and the node; it can not be changed.
status Whether it is attached.

@storage.VolumeAttachmentSpec A volume that is to be attached, and a node.
attacher Driver that attaches the volume.
nodeName Node to which the volume is attached.
source The volume.

@storage.VolumeAttachmentSource A volume that is to be attached. One of the fields is set.
inlineVolumeSpec Volume that a pod has written out, in the form of a persistent volume, where a driver has taken over from a plugin that was built in.
persistentVolumeName Name of the persistent volume.

@storage.VolumeAttachmentStatus Whether a volume is attached; written by who attaches it.
attachError What went wrong last when it was attached.
attached Whether the volume is attached.
attachmentMetadata What the driver wants to know again when the volume is mounted.
detachError What went wrong last when it was detached.

@storage.VolumeError What went wrong with a volume.
errorCode Number of the error, as gRPC has it.
message What went wrong, for people; it must hold no secrets.
time When it went wrong.

@storage.VolumeAttributesClass A class of attributes that volumes can be given, and that can be changed by naming another class.
driverName Driver of the volumes; it can not be changed.
parameters Attributes that the driver is told: 1 to 512, of at most 256 KiB together. They can not be changed.
`
