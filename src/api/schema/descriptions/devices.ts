/** Devices that drivers offer, and claims for them. */
export const deviceDescriptions = `
@resource.ResourceClaim A claim for devices, which pods of the namespace can name.
spec What is claimed; it can not be changed.
status What was given, and to whom.

@resource.ResourceClaimSpec What is claimed.
devices Devices that are claimed.

@resource.ResourceClaimTemplate What claims are like that are made for pods, a claim for each.
spec The claims; it can not be changed.

@resource.ResourceClaimTemplateSpec What claims are like that are made for pods.
metadata Labels and annotations that the claims get; nothing else may be set.
spec What is claimed.

@resource.DeviceClaim Devices that are claimed.
config Settings for drivers, which don't count when devices are chosen; at most 32.
constraints What must hold for the devices together; at most 32.
requests Requests that all have to be met; at most 32. Without any, nothing is given.

@resource.DeviceRequest A request for devices. One of exactly and firstAvailable is set.
exactly The devices that are wanted.
firstAvailable Devices that would do, the best first: the first entry that can be met is taken; at most 8.
name Name of the request, by which containers, constraints and settings refer to it.

@resource.ExactDeviceRequest Devices of one kind that are wanted.
adminAccess Whether the devices are wanted to look after them, no matter who has them. The namespace needs the label resource.kubernetes.io/admin-access=true.
allocationMode ExactCount, or All: all devices that match, and at least one; ExactCount when unset.
capacity How much of each device's capacities is wanted.
count How many devices, with ExactCount; 1 when unset.
deviceClassName Class of the devices; its selectors and settings count, too.
selectors Conditions that each device has to meet, all of them; at most 32.
tolerations Taints of devices that the request puts up with; at most 16.

@resource.DeviceSubRequest Devices of one kind that would do.
allocationMode ExactCount, or All: all devices that match, and at least one; ExactCount when unset.
capacity How much of each device's capacities is wanted.
count How many devices, with ExactCount; 1 when unset.
deviceClassName Class of the devices; its selectors and settings count, too.
name Name of the entry; constraints and settings refer to it as REQUEST/NAME.
selectors Conditions that each device has to meet, all of them; at most 32.
tolerations Taints of devices that the request puts up with; at most 16.

@resource.DeviceSelector A condition that a device has to meet.
cel Condition as an expression.

@resource.CELDeviceSelector A condition as an expression.
expression Expression in CEL of at most 10 KiB that yields true or false. It sees device.driver, device.attributes[DOMAIN].NAME, device.capacity[DOMAIN].NAME and device.allowMultipleAllocations; an error ends the search for devices.

@resource.CapacityRequirements How much of a device's capacities is wanted.
requests Amounts by the names of capacities, which each device has to have. Of a device that is shared they are rounded up as its policy says; of capacities not named the policy's default is taken, or all where there is no policy.

@resource.DeviceConstraint What must hold for several devices together. One of matchAttribute and distinctAttribute is set.
distinctAttribute Attribute, as DOMAIN/NAME, that all of the devices have, each with another value.
matchAttribute Attribute, as DOMAIN/NAME, that all of the devices have, with the same value and type.
requests Requests whose devices are meant, as REQUEST or REQUEST/ENTRY; all of the claim when empty.

@resource.DeviceClaimConfiguration Settings for the driver of some requests' devices.
opaque Settings in a form that the driver knows.
requests Requests that the settings are for, as REQUEST or REQUEST/ENTRY; all when empty.

@resource.DeviceConfiguration Settings for a driver.
opaque Settings in a form that the driver knows.

@resource.OpaqueDeviceConfiguration Settings in a form that a driver knows.
driver Name of the driver.
parameters The settings, of any form; at most 10 KiB.

@resource.DeviceToleration Taints of devices that a request puts up with.
effect Effect of the taints; every effect when unset.
key Key of the taints; every key when empty, with operator Exists.
operator Exists, or Equal: the taint has the value; Equal when unset.
tolerationSeconds Seconds that a taint with effect NoExecute is put up with; for ever when unset, not at all when 0 or less.
value Value of the taints; empty with operator Exists.

@resource.ResourceClaimStatus What a claim was given, and who has it.
allocation What was given; unset as long as nothing is.
devices What drivers tell of the devices that were given.
reservedFor Who may use the claim, at most 256. A pod does not start before it is here, and what is used is not taken back.

@resource.ResourceClaimConsumerReference Somebody who may use a claim, in its namespace.
apiGroup Group of the resource; empty for the core group.
name Name of the object.
resource Resource of the object, such as pods.
uid UID of the object.

@resource.AllocationResult What a claim was given.
allocationTimestamp When it was given, where that is known.
devices The devices, and settings for their drivers.
nodeSelector Nodes where the devices can be used; all when unset.

@resource.DeviceAllocationResult Devices that a claim was given.
config Settings of the claim and of the classes; a driver passes over what it does not know.
results The devices; at most 32.

@resource.DeviceRequestAllocationResult A device that a request was given.
adminAccess Whether it was given to look after it.
bindingConditions Conditions that have to be true before the pod is bound to the node, as the slice had them then; at most 4.
bindingFailureConditions Conditions any of which keeps the pod from being bound when it is true, as the slice had them then; at most 4.
consumedCapacity How much of each capacity was given, of a device that is shared.
device Name of the device in its pool.
driver Name of the driver.
pool Name of the pool.
request Request that the device is for, as REQUEST or REQUEST/ENTRY.
shareID Which share of the device it is, where the device is shared.
tolerations Tolerations that the request had then; at most 16.

@resource.DeviceAllocationConfiguration Settings for the driver of devices that were given.
opaque Settings in a form that the driver knows.
requests Requests that the settings are for, as REQUEST or REQUEST/ENTRY; all when empty.
source FromClass or FromClaim: who made the settings.

@resource.AllocatedDeviceStatus What a driver tells of a device that was given.
conditions Conditions of the device, at most 8. Ready is true once it is set up as the settings say.
data Anything that the driver has to tell; at most 10 KiB.
device Name of the device in its pool.
driver Name of the driver.
networkData Addresses of a network device.
pool Name of the pool.
shareID Which share of the device it is, where the device is shared.

@resource.NetworkDeviceData Addresses of a network device.
hardwareAddress Hardware address, such as a MAC address; at most 128 bytes.
interfaceName Name of the interface; at most 256 bytes.
ips Addresses with the length of their network, such as 192.0.2.5/24; at most 16.

@resource.DeviceClass A class of devices: which ones belong to it, and settings for them.
spec Which devices, and their settings. Claims that were met before it changes stay as they are.

@resource.DeviceClassSpec Which devices belong to a class, and settings for them.
config Settings for drivers, which don't count when devices are chosen; at most 32.
extendedResourceName Extended resource that devices of the class stand for when pods ask for it, such as example.com/gpu.
selectors Conditions that each device has to meet, all of them; at most 32.

@resource.DeviceClassConfiguration Settings for the driver of a class's devices.
opaque Settings in a form that the driver knows.

@resource.ResourceSlice Part of a pool of devices, told by their driver.
spec The devices, and where they are.

@resource.ResourceSliceSpec Devices of a pool, and where they are. One of nodeName, nodeSelector, allNodes and perDeviceNodeSelection is set.
allNodes Whether all nodes reach the devices.
devices Devices of the slice: at most 128, or 64 when any has taints, uses counters or has lists as attributes. Not together with sharedCounters.
driver Name of the driver, as a domain name; it can not be changed.
nodeName Node that has the devices; it can not be changed.
nodeSelector Nodes that reach the devices, in one term.
perDeviceNodeSelection Whether each device says itself which nodes reach it.
pool Pool that the slice is part of.
sharedCounters Counters that devices of the pool share; at most 8 sets. Not together with devices.

@resource.ResourcePool The pool that a slice is part of.
generation Number of the pool's state. Slices with a lower number than the highest are out of date.
name Name of the pool, often that of the node; at most 253 characters. It can not be changed.
resourceSliceCount Slices that the pool has in this generation; with fewer of them the pool is not complete.

@resource.CounterSet Counters that devices of a pool share.
counters The counters by name; at most 32.
name Name of the set, unique in the pool.

@resource.Counter An amount of something that devices share.
value How much there is, or how much a device uses.

@resource.Device A device that can be claimed.
allNodes Whether all nodes reach the device; where the slice leaves that to its devices.
allowMultipleAllocations Whether several requests can have the device at a time and share its capacities.
attributes What the device is like, by name. Attributes and capacities are at most 32 together.
bindingConditions Conditions in the claim's status that have to be true before a pod with the device is bound; at most 4.
bindingFailureConditions Conditions in the claim's status any of which keeps a pod with the device from being bound when it is true; at most 4.
bindsToNode Whether the device, once given, can only be used on the node that was chosen then.
capacity How much of what the device has, by name. Attributes and capacities are at most 32 together.
consumesCounters What the device uses of shared counters; at most 2 sets.
name Name of the device, unique in the pool.
nodeAllocatableResourceMappings Resources of the node, such as cpu or memory, that the device uses when it is given.
nodeName Node that has the device; where the slice leaves that to its devices.
nodeSelector Nodes that reach the device, in one term; where the slice leaves that to its devices.
taints What keeps claims away that do not put up with it; at most 16.

@resource.DeviceAttribute A value that says what a device is like. One of the fields is set.
bool True or false.
bools A list of true and false.
int A whole number.
ints A list of whole numbers.
string A text of at most 64 characters.
strings A list of texts of at most 64 characters.
version A version as semver 2.0.0 has it, of at most 64 characters.
versions A list of versions as semver 2.0.0 has them, of at most 64 characters.

@resource.DeviceCapacity How much a device has of something.
requestPolicy Which amounts can be asked for, of a device that is shared; any when unset, and all of it for a request that asks for none.
value How much there is in all, given away or not.

@resource.CapacityRequestPolicy Which amounts of a capacity can be asked for. Not both validValues and validRange are set.
default What a request gets that names no amount; needed for validValues and validRange, which it has to fit.
validRange Amounts between two limits.
validValues Amounts in ascending order, at most 10. Others are rounded up to the next of them; a request for more can't be met.

@resource.CapacityRequestPolicyRange Amounts between two limits.
max The most that can be asked for.
min The least that is given; smaller amounts are rounded up to it.
step Amounts are rounded up to min plus a multiple of this; any amount between the limits when unset.

@resource.DeviceCounterConsumption What a device uses of counters.
counterSet Name of the set of counters.
counters How much it uses of each counter; at most 32.

@resource.NodeAllocatableResourceMapping How much of a node's resource a device uses. At least one of the fields is set.
allocationMultiplier What each device uses, or each unit of capacityKey; 1 when unset.
capacityKey Capacity whose given amount counts, in place of the number of devices.

@resource.DeviceTaint What keeps claims away from a device.
effect NoSchedule, NoExecute, which also ends pods that have the device, or None, which is for information alone.
key Key of the taint.
timeAdded When the taint was put on; set by the system when unset.
value Value of the taint.
`
