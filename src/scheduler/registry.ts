import type { PluginRegistry } from './framework/plugin.ts'
import type { StatusTable } from './framework/status.ts'
import { createDefaultBinder } from './plugins/defaultbinder/default-binder.ts'
import { createDefaultPreemption } from './plugins/defaultpreemption/default-preemption.ts'
import { createDynamicResources } from './plugins/dynamicresources/dynamic-resources.ts'
import { createImageLocality } from './plugins/imagelocality/image-locality.ts'
import { createInterPodAffinity } from './plugins/interpodaffinity/inter-pod-affinity.ts'
import { names } from './plugins/names.ts'
import { createNodeAffinity } from './plugins/nodeaffinity/node-affinity.ts'
import { createNodeDeclaredFeatures } from './plugins/nodedeclaredfeatures/node-declared-features.ts'
import { createNodeName } from './plugins/nodename/node-name.ts'
import { createNodePorts } from './plugins/nodeports/node-ports.ts'
import { createBalancedAllocation } from './plugins/noderesources/balanced-allocation.ts'
import { createNodeResourcesFit } from './plugins/noderesources/fit.ts'
import { createNodeUnschedulable } from './plugins/nodeunschedulable/node-unschedulable.ts'
import { createPodTopologySpread } from './plugins/podtopologyspread/pod-topology-spread.ts'
import { createNodeVolumeLimits } from './plugins/nodevolumelimits/node-volume-limits.ts'
import { createPrioritySort } from './plugins/queuesort/priority-sort.ts'
import { createSchedulingGates } from './plugins/schedulinggates/scheduling-gates.ts'
import { createTaintToleration } from './plugins/tainttoleration/taint-toleration.ts'
import { createVolumeBinding } from './plugins/volumebinding/volume-binding.ts'
import { createVolumeRestrictions } from './plugins/volumerestrictions/volume-restrictions.ts'
import { openStorage } from './plugins/volumes/storage.ts'
import { createVolumeZone } from './plugins/volumezone/volume-zone.ts'

/** Every plugin that comes with the scheduler. */
export function inTreePlugins(statuses: StatusTable): PluginRegistry {
  return {
    [names.schedulingGates]: createSchedulingGates,
    [names.prioritySort]: createPrioritySort,
    [names.nodeUnschedulable]: createNodeUnschedulable,
    [names.nodeName]: createNodeName,
    [names.taintToleration]: createTaintToleration,
    [names.nodeAffinity]: createNodeAffinity,
    [names.nodePorts]: createNodePorts,
    [names.nodeResourcesFit]: createNodeResourcesFit,
    [names.volumeRestrictions]: (context) => createVolumeRestrictions(context, openStorage(context.informers)),
    [names.nodeVolumeLimits]: (context) => createNodeVolumeLimits(context, openStorage(context.informers)),
    [names.volumeBinding]: (context) => createVolumeBinding(context, openStorage(context.informers)),
    [names.volumeZone]: ({ informers }) => createVolumeZone(openStorage(informers)),
    [names.podTopologySpread]: (context) => createPodTopologySpread(context, statuses),
    [names.interPodAffinity]: (context) => createInterPodAffinity(context, statuses),
    [names.dynamicResources]: createDynamicResources,
    [names.defaultPreemption]: createDefaultPreemption,
    [names.nodeResourcesBalancedAllocation]: createBalancedAllocation,
    [names.imageLocality]: createImageLocality,
    [names.defaultBinder]: createDefaultBinder,
    [names.nodeDeclaredFeatures]: createNodeDeclaredFeatures,
  }
}
