/** Where the contents of volumes come from, and claims for them. */
export const volumeSourceDescriptions = `
@core.KeyToPath An entry that becomes a file.
key Key of the entry.
mode Permissions of the file, 0 to 0777; what defaultMode of the volume says when unset. JSON has the number in decimal, 0 to 511.
path Path of the file in the volume, without .. in it.

@core.DownwardAPIVolumeSource Fields of the pod as files.
defaultMode Permissions of the files, 0 to 0777; 0644 when unset. JSON has the number in decimal, 0 to 511.
items The files.

@core.DownwardAPIVolumeFile A field of the pod, or a resource of a container, as a file. One of the two is set.
fieldRef A field of the pod: its labels, annotations, name, namespace or UID.
mode Permissions of the file, 0 to 0777; what defaultMode of the volume says when unset. JSON has the number in decimal, 0 to 511.
path Path of the file in the volume, without .. in it.
resourceFieldRef A resource of a container, such as limits.cpu; it names the container.

@core.ProjectedVolumeSource Several sources in one directory.
defaultMode Permissions of the files, 0 to 0777; 0644 when unset. JSON has the number in decimal, 0 to 511.
sources The sources.

@core.VolumeProjection A source that shares a directory with others. One field is set.
clusterTrustBundle Certificates of authorities, of cluster trust bundles. Needs the feature ClusterTrustBundleProjection.
configMap Entries of a config map.
downwardAPI Fields of the pod.
podCertificate A key and a certificate of the pod's own, renewed in time. Needs the feature PodCertificateRequest.
secret Entries of a secret.
serviceAccountToken A token of the pod's service account, renewed in time.

@core.ConfigMapProjection Entries of a config map as files.
items Entries to take, with their paths; all of them when unset.
name Name of the config map.
optional Whether the config map or its entries may be missing.

@core.SecretProjection Entries of a secret as files.
items Entries to take, with their paths; all of them when unset.
name Name of the secret.
optional Whether the secret or its entries may be missing.

@core.DownwardAPIProjection Fields of the pod as files.
items The files.

@core.ServiceAccountTokenProjection A token of the pod's service account as a file.
audience For whom the token is: others should refuse it. The API server when unset.
expirationSeconds Seconds for which the token should be valid, at least 600; 3600 when unset. The kubelet renews it when 80 percent of the time, or 24 hours, are over.
path Path of the file in the volume.

@core.ClusterTrustBundleProjection Certificates of authorities as a file: of one cluster trust bundle by its name, or of all of a signer.
labelSelector Labels of the bundles of the signer; none of them when unset, all when empty.
name Name of the bundle; not together with signerName and labelSelector.
optional Whether the bundles may be missing; else the pod waits for them.
path Path of the file in the volume.
signerName Signer whose bundles are put together, each certificate once.

@core.PodCertificateProjection A key and a certificate of the pod's own as files: in one file, or in two.
certificateChainPath Path of a file with the certificate and those between it and its root. The key may be a moment newer or older.
credentialBundlePath Path of a file with both: the key first, in PKCS#8, then the certificates, all in PEM.
keyPath Path of a file with the key.
keyType Type of the key: RSA3072, RSA4096, ECDSAP256, ECDSAP384, ECDSAP521 or ED25519.
maxExpirationSeconds Seconds for which the certificate may be valid at most, 3600 to 7862400; 86400 when unset. The signer may choose less.
signerName Signer who is asked for the certificate.
userAnnotations What the signer is told besides, unchecked; its documentation says what it understands.

@core.EphemeralVolumeSource A claim that is made for the pod and goes with it.
volumeClaimTemplate What the claim is like. It is named POD-VOLUME; the pod waits when there is such a claim of somebody else.

@core.PersistentVolumeClaimTemplate What a claim is like that is made for a pod.
metadata Labels and annotations that the claim gets.
spec What storage is wanted.

@core.ImageVolumeSource The contents of an image, to be read.
pullPolicy When the image is fetched: Always, IfNotPresent or Never. Always for the tag latest, else IfNotPresent.
reference Image, in the form that containers have.

@core.NFSVolumeSource A directory of an NFS server.
path Path that the server exports.
readOnly Whether containers can only read it.
server Name or address of the server.

@core.CSIVolumeSource Storage that a CSI driver gives to this pod alone.
driver Name of the driver.
fsType File system of the volume, such as ext4; the driver chooses when unset.
nodePublishSecretRef Secret that the driver gets when it mounts the volume, in the pod's namespace.
readOnly Whether containers can only read it.
volumeAttributes What the driver is told; its documentation says what it understands.

@core.CSIPersistentVolumeSource Storage of a CSI driver.
controllerExpandSecretRef Secret that the driver gets when the volume grows.
controllerPublishSecretRef Secret that the driver gets when the volume is attached to a node, or detached.
driver Name of the driver.
fsType File system of the volume, such as ext4.
nodeExpandSecretRef Secret that the driver gets when the file system grows on the node.
nodePublishSecretRef Secret that the driver gets when the volume is mounted for a pod.
nodeStageSecretRef Secret that the driver gets when the volume is made ready on a node.
readOnly Whether the driver is told to attach the volume for reading alone.
volumeAttributes What the driver knows of the volume.
volumeHandle Name of the volume at the driver.

@core.ISCSIVolumeSource An iSCSI disk. One node at a time can write to it.
chapAuthDiscovery Whether targets are looked up with CHAP.
chapAuthSession Whether sessions are opened with CHAP.
fsType File system of the volume, such as ext4 or xfs; ext4 when unset.
initiatorName Name of the initiator. With it, an interface of the connection's own is made, PORTAL:VOLUME.
iqn Qualified name of the target.
iscsiInterface Interface that carries the connection; default, which is TCP, when unset.
lun Number of the logical unit.
portals Further portals of the target, for several paths to it.
readOnly Whether containers can only read it.
secretRef Secret with the credentials for CHAP, in the pod's namespace.
targetPortal Address of the target, with a port when it is not the usual one.

@core.ISCSIPersistentVolumeSource An iSCSI disk. One node at a time can write to it.
chapAuthDiscovery Whether targets are looked up with CHAP.
chapAuthSession Whether sessions are opened with CHAP.
fsType File system of the volume, such as ext4 or xfs; ext4 when unset.
initiatorName Name of the initiator. With it, an interface of the connection's own is made, PORTAL:VOLUME.
iqn Qualified name of the target.
iscsiInterface Interface that carries the connection; default, which is TCP, when unset.
lun Number of the logical unit.
portals Further portals of the target, for several paths to it.
readOnly Whether containers can only read it.
secretRef Secret with the credentials for CHAP.
targetPortal Address of the target, with a port when it is not the usual one.

@core.FCVolumeSource A Fibre Channel disk: by names and number of its target, or by names of its own. One node at a time can write to it.
fsType File system of the volume, such as ext4 or xfs; ext4 when unset.
lun Number of the logical unit.
readOnly Whether containers can only read it.
targetWWNs World wide names of the target.
wwids World wide identifiers of the disk; not together with targetWWNs and lun.

@core.LocalVolumeSource A disk or directory of one node.
fsType File system of a block device; found out when unset. Without effect on a directory.
path Path of the directory or block device on the node.

@core.AWSElasticBlockStoreVolumeSource A disk of AWS.
fsType File system of the volume, such as ext4 or xfs; ext4 when unset.
partition Number of the partition; 0 or unset for the whole disk.
readOnly Whether containers can only read it.
volumeID Name of the disk at AWS.

@core.GCEPersistentDiskVolumeSource A disk of Google Compute Engine.
fsType File system of the volume, such as ext4 or xfs; ext4 when unset.
partition Number of the partition; 0 or unset for the whole disk.
pdName Name of the disk at Google Compute Engine.
readOnly Whether containers can only read it.

@core.AzureDiskVolumeSource A disk of Azure.
cachingMode How the host caches: None, ReadOnly or ReadWrite; ReadWrite when unset.
diskName Name of the disk.
diskURI Address of the disk.
fsType File system of the volume, such as ext4 or xfs; ext4 when unset.
kind Shared, Dedicated or Managed: several disks of a storage account, one, or a managed disk. Shared when unset.
readOnly Whether containers can only read it.

@core.AzureFileVolumeSource A file share of Azure.
readOnly Whether containers can only read it.
secretName Secret with name and key of the storage account.
shareName Name of the share.

@core.AzureFilePersistentVolumeSource A file share of Azure.
readOnly Whether containers can only read it.
secretName Secret with name and key of the storage account.
secretNamespace Namespace of the secret; that of the pod when unset.
shareName Name of the share.

@core.CephFSVolumeSource A CephFS file system.
monitors Addresses of the monitors.
path Directory that is mounted; the root when unset.
readOnly Whether containers can only read it.
secretFile File of the node with the user's key; /etc/ceph/user.secret when unset.
secretRef Secret with the credentials, in the pod's namespace.
user Name of the user; admin when unset.

@core.CephFSPersistentVolumeSource A CephFS file system.
monitors Addresses of the monitors.
path Directory that is mounted; the root when unset.
readOnly Whether containers can only read it.
secretFile File of the node with the user's key; /etc/ceph/user.secret when unset.
secretRef Secret with the credentials, in any namespace.
user Name of the user; admin when unset.

@core.CinderVolumeSource A disk of OpenStack Cinder.
fsType File system of the volume, such as ext4 or xfs; ext4 when unset.
readOnly Whether containers can only read it.
secretRef Secret with the credentials, in the pod's namespace.
volumeID Name of the disk at Cinder.

@core.CinderPersistentVolumeSource A disk of OpenStack Cinder.
fsType File system of the volume, such as ext4 or xfs; ext4 when unset.
readOnly Whether containers can only read it.
secretRef Secret with the credentials, in any namespace.
volumeID Name of the disk at Cinder.

@core.FlexVolumeSource Storage of a FlexVolume driver.
driver Name of the driver.
fsType File system of the volume, such as ext4; the driver chooses when unset.
options Options for the driver.
readOnly Whether containers can only read it.
secretRef Secret that the driver gets, in the pod's namespace.

@core.FlexPersistentVolumeSource Storage of a FlexVolume driver.
driver Name of the driver.
fsType File system of the volume, such as ext4; the driver chooses when unset.
options Options for the driver.
readOnly Whether containers can only read it.
secretRef Secret that the driver gets.

@core.FlockerVolumeSource A Flocker volume. One of the two is set.
datasetName Name of the dataset. Deprecated.
datasetUUID UUID of the dataset.

@core.GitRepoVolumeSource A clone of a Git repository.
directory Directory of the clone in the volume, without .. in it; a dot for the volume itself.
repository Address of the repository.
revision Commit to check out.

@core.GlusterfsVolumeSource A GlusterFS volume.
endpoints Name of the endpoints of the servers.
path Path of the volume.
readOnly Whether containers can only read it.

@core.GlusterfsPersistentVolumeSource A GlusterFS volume.
endpoints Name of the endpoints of the servers.
endpointsNamespace Namespace of the endpoints; that of the claim when unset.
path Path of the volume.
readOnly Whether containers can only read it.

@core.PhotonPersistentDiskVolumeSource A disk of Photon Controller.
fsType File system of the volume, such as ext4 or xfs; ext4 when unset.
pdID Name of the disk at Photon Controller.

@core.PortworxVolumeSource A Portworx volume.
fsType File system of the volume, such as ext4 or xfs; ext4 when unset.
readOnly Whether containers can only read it.
volumeID Name of the volume at Portworx.

@core.QuobyteVolumeSource A Quobyte volume.
group Group as which it is accessed; none when unset.
readOnly Whether containers can only read it.
registry Addresses of the registries, as HOST:PORT, with commas between them.
tenant Tenant whose volume it is.
user User as whom it is accessed; that of the service account when unset.
volume Name of the volume.

@core.RBDVolumeSource A Ceph block device.
fsType File system of the volume, such as ext4 or xfs; ext4 when unset.
image Name of the image.
keyring File of the node with the user's key; /etc/ceph/keyring when unset.
monitors Addresses of the monitors.
pool Name of the pool; rbd when unset.
readOnly Whether containers can only read it.
secretRef Secret with the user's key, in the place of keyring; in the pod's namespace.
user Name of the user; admin when unset.

@core.RBDPersistentVolumeSource A Ceph block device.
fsType File system of the volume, such as ext4 or xfs; ext4 when unset.
image Name of the image.
keyring File of the node with the user's key; /etc/ceph/keyring when unset.
monitors Addresses of the monitors.
pool Name of the pool; rbd when unset.
readOnly Whether containers can only read it.
secretRef Secret with the user's key, in the place of keyring.
user Name of the user; admin when unset.

@core.ScaleIOVolumeSource A ScaleIO volume.
fsType File system of the volume, such as ext4 or xfs; xfs when unset.
gateway Address of the gateway.
protectionDomain Name of the protection domain.
readOnly Whether containers can only read it.
secretRef Secret with the credentials, in the pod's namespace.
sslEnabled Whether the gateway is spoken to over TLS.
storageMode ThickProvisioned or ThinProvisioned; ThinProvisioned when unset.
storagePool Name of the storage pool.
system Name of the storage system.
volumeName Name of the volume.

@core.ScaleIOPersistentVolumeSource A ScaleIO volume.
fsType File system of the volume, such as ext4 or xfs; xfs when unset.
gateway Address of the gateway.
protectionDomain Name of the protection domain.
readOnly Whether containers can only read it.
secretRef Secret with the credentials, in any namespace.
sslEnabled Whether the gateway is spoken to over TLS.
storageMode ThickProvisioned or ThinProvisioned; ThinProvisioned when unset.
storagePool Name of the storage pool.
system Name of the storage system.
volumeName Name of the volume.

@core.StorageOSVolumeSource A StorageOS volume.
fsType File system of the volume, such as ext4 or xfs; ext4 when unset.
readOnly Whether containers can only read it.
secretRef Secret with the credentials, in the pod's namespace; the usual ones when unset.
volumeName Name of the volume, unique in its namespace.
volumeNamespace Namespace of the volume at StorageOS; that of the pod when unset.

@core.StorageOSPersistentVolumeSource A StorageOS volume.
fsType File system of the volume, such as ext4 or xfs; ext4 when unset.
readOnly Whether containers can only read it.
secretRef Secret with the credentials; the usual ones when unset.
volumeName Name of the volume, unique in its namespace.
volumeNamespace Namespace of the volume at StorageOS; that of the pod when unset.

@core.VsphereVirtualDiskVolumeSource A disk of vSphere.
fsType File system of the volume, such as ext4 or xfs; ext4 when unset.
storagePolicyID ID of the storage policy.
storagePolicyName Name of the storage policy.
volumePath Path of the disk.

@core.VolumeNodeAffinity Nodes that can reach a volume.
required What a node has to be.

@core.PersistentVolumeStatus What is known of a volume.
lastPhaseTransitionTime When the phase changed last.
message Why the phase is what it is, for people.
phase Pending, Available, Bound, Released or Failed.
reason Why the volume has failed, in one word for programs.

@core.PersistentVolumeClaimCondition Something that is so, or is not, of a claim.
lastProbeTime When the condition was looked at last.
lastTransitionTime When the status changed last.
message What there is to say of it, for people.
reason Why the status changed last, in one word for programs.
status True, False or Unknown.
type What it is about, such as Resizing or FileSystemResizePending.

@core.ModifyVolumeStatus State of a change to another class of attributes.
status Pending while something is missing, such as the class; InProgress; or Infeasible, when the driver refused it.
targetVolumeAttributesClassName Class that the claim asks for.

@core.VolumeResourceRequirements How much storage is wanted.
limits The most storage that it may be.
requests The least storage that it has to be.

@core.TypedLocalObjectReference An object of any kind, in the same namespace.
apiGroup Group of the object; the core group when unset.
kind Kind of the object.
name Name of the object.

@core.TypedObjectReference An object of any kind.
apiGroup Group of the object; the core group when unset.
kind Kind of the object.
name Name of the object.
namespace Namespace of the object, where a ReferenceGrant has to allow it; the same one when unset. Needs the feature CrossNamespaceVolumeDataSource.

@core.TopologySelectorTerm Places where volumes may be made: all requirements have to be met.
matchLabelExpressions Requirements on labels of nodes.

@core.TopologySelectorLabelRequirement What a label of nodes has to be.
key Name of the label.
values Values, of which the label has to have one.
`
