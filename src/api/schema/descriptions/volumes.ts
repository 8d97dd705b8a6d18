/** Volumes, claims and classes. */
export const volumeDescriptions = `
@core.Volume A volume of a pod: its name, and one source.
configMap Entries of a config map as files.
csi Storage that a CSI driver gives to this pod alone.
downwardAPI Fields of the pod as files.
emptyDir A directory that is empty at first and goes with the pod.
ephemeral A claim that is made for the pod and goes with it.
hostPath A file or directory of the node.
image The contents of an image, to be read.
iscsi An iSCSI disk.
name Name of the volume, unique in the pod.
nfs A directory of an NFS server.
persistentVolumeClaim A claim in the same namespace.
projected Several sources in one directory.
secret Entries of a secret as files.
awsElasticBlockStore A disk of AWS. Deprecated: use the CSI driver ebs.csi.aws.com.
azureDisk A disk of Azure. Deprecated: use the CSI driver disk.csi.azure.com.
azureFile A file share of Azure. Deprecated: use the CSI driver file.csi.azure.com.
cephfs A CephFS file system. Deprecated, and no longer supported.
cinder A disk of OpenStack Cinder. Deprecated: use the CSI driver cinder.csi.openstack.org.
fc A Fibre Channel disk.
flexVolume Storage of a FlexVolume driver. Deprecated: use a CSI driver.
flocker A Flocker volume. Deprecated, and no longer supported.
gcePersistentDisk A disk of Google Compute Engine. Deprecated: use the CSI driver pd.csi.storage.gke.io.
glusterfs A GlusterFS volume. Deprecated, and no longer supported.
photonPersistentDisk A disk of Photon Controller. Deprecated, and no longer supported.
portworxVolume A Portworx volume. Deprecated: use the CSI driver pxd.portworx.com.
quobyte A Quobyte volume. Deprecated, and no longer supported.
rbd A Ceph block device. Deprecated, and no longer supported.
scaleIO A ScaleIO volume. Deprecated, and no longer supported.
storageos A StorageOS volume. Deprecated, and no longer supported.
vsphereVolume A disk of vSphere. Deprecated: use the CSI driver csi.vsphere.vmware.com.
gitRepo A clone of a Git repository. Deprecated, and no longer mounted: let an init container clone it into an emptyDir.

@core.VolumeMount Where a volume is in a container.
mountPath Path in the container; it must not contain a colon.
mountPropagation How mounts are shared with the node: None, HostToContainer or Bidirectional.
name Name of the volume.
readOnly Whether it can only be read.
recursiveReadOnly Whether mounts below can only be read, too.
subPath Path in the volume that is mounted in the place of its root.
subPathExpr As subPath, with $(NAME) for environment variables.

@core.EmptyDirVolumeSource A directory that lives as long as the pod.
medium Memory for a file system in memory, HugePages or HugePages-SIZE for one in huge pages; the node's disk when unset.
sizeLimit The most that it may hold.

@core.HostPathVolumeSource A file or directory of the node.
path Path on the node.
type What has to be there: Directory, File, Socket, CharDevice or BlockDevice; DirectoryOrCreate and FileOrCreate make it when it is not. Nothing is checked when empty.

@core.ConfigMapVolumeSource Entries of a config map as files.
defaultMode Permissions of the files; 0644 when unset.
items Entries to take, with their paths; all of them when unset.
name Name of the config map.
optional Whether the config map may be missing.

@core.SecretVolumeSource Entries of a secret as files.
defaultMode Permissions of the files; 0644 when unset.
items Entries to take, with their paths; all of them when unset.
optional Whether the secret may be missing.
secretName Name of the secret.

@core.PersistentVolumeClaimVolumeSource A claim of the pod's namespace.
claimName Name of the claim.
readOnly Whether all containers can only read it.

@core.PersistentVolumeClaim A user's claim for storage.
spec What is wanted.
status What was given.

@core.PersistentVolumeClaimSpec What storage is wanted.
accessModes How it is to be mounted: ReadWriteOnce, ReadOnlyMany, ReadWriteMany or ReadWriteOncePod.
dataSource Snapshot or claim whose contents the volume begins with.
dataSourceRef Object of any kind whose contents the volume begins with.
resources How much storage is wanted; it can grow where the class allows that.
selector Labels that the volume must have.
storageClassName Class of the storage; empty for volumes of no class, the default class when unset.
volumeAttributesClassName Class of attributes that can be changed later.
volumeMode Filesystem or Block; Filesystem when unset.
volumeName Volume that the claim is bound to.

@core.PersistentVolumeClaimStatus What a claim was given.
accessModes How the volume can be mounted.
capacity How large the volume is.
conditions Conditions, such as those of a change of size.
phase Pending, Bound or Lost.
allocatedResourceStatuses How far a change of size is, by resource: ControllerResizeInProgress, ControllerResizeInfeasible, NodeResizePending, NodeResizeInProgress or NodeResizeInfeasible.
allocatedResources Size that was set aside for the claim; more than the capacity while it grows.
currentVolumeAttributesClassName Class of attributes that the volume has now.
modifyVolumeStatus State of a change to another class of attributes; unset when none is under way.

@core.PersistentVolume A piece of storage of the cluster.
spec What it is, and how it is reached.
status What is known of it.

@core.PersistentVolumeSpec What a piece of storage is.
accessModes How it can be mounted: ReadWriteOnce, ReadOnlyMany, ReadWriteMany or ReadWriteOncePod.
capacity How large it is.
claimRef Claim that it is bound to.
csi Storage of a CSI driver.
hostPath A directory of the node; for tests on one node.
local A disk or directory of one node; needs nodeAffinity.
mountOptions Options of the mount.
nfs A directory of an NFS server.
nodeAffinity Nodes that can reach the volume.
persistentVolumeReclaimPolicy What becomes of it when its claim goes: Retain, Delete or Recycle.
storageClassName Class that it belongs to.
volumeMode Filesystem or Block.
awsElasticBlockStore A disk of AWS. Deprecated: use the CSI driver ebs.csi.aws.com.
azureDisk A disk of Azure. Deprecated: use the CSI driver disk.csi.azure.com.
azureFile A file share of Azure. Deprecated: use the CSI driver file.csi.azure.com.
cephfs A CephFS file system. Deprecated, and no longer supported.
cinder A disk of OpenStack Cinder. Deprecated: use the CSI driver cinder.csi.openstack.org.
fc A Fibre Channel disk.
flexVolume Storage of a FlexVolume driver. Deprecated: use a CSI driver.
flocker A Flocker volume. Deprecated, and no longer supported.
gcePersistentDisk A disk of Google Compute Engine. Deprecated: use the CSI driver pd.csi.storage.gke.io.
glusterfs A GlusterFS volume. Deprecated, and no longer supported.
photonPersistentDisk A disk of Photon Controller. Deprecated, and no longer supported.
portworxVolume A Portworx volume. Deprecated: use the CSI driver pxd.portworx.com.
quobyte A Quobyte volume. Deprecated, and no longer supported.
rbd A Ceph block device. Deprecated, and no longer supported.
scaleIO A ScaleIO volume. Deprecated, and no longer supported.
storageos A StorageOS volume. Deprecated, and no longer supported.
vsphereVolume A disk of vSphere. Deprecated: use the CSI driver csi.vsphere.vmware.com.
iscsi An iSCSI disk.
volumeAttributesClassName Class of attributes that the volume has, for a claim that asks for the same; never empty.

@storage.StorageClass A class of storage that volumes are made of on demand.
allowVolumeExpansion Whether claims of the class may grow.
allowedTopologies Where volumes may be made.
mountOptions Options of the mounts of its volumes.
parameters What the provisioner is told.
provisioner Name of what makes the volumes.
reclaimPolicy What becomes of volumes whose claim goes; Delete when unset.
volumeBindingMode When volumes are made and bound: Immediate, or WaitForFirstConsumer, when a pod needs the volume; Immediate when unset.
`
