import type { PluginRef } from '../config/types.ts'
import { names } from './names.ts'

/** The plugins of a profile that says nothing else, in order, with the weights of their scores. */
export const defaultPlugins: readonly PluginRef[] = [
  { name: names.schedulingGates },
  { name: names.prioritySort },
  { name: names.nodeUnschedulable },
  { name: names.nodeName },
  { name: names.taintToleration, weight: 3 },
  { name: names.nodeAffinity, weight: 2 },
  { name: names.nodePorts },
  { name: names.nodeResourcesFit, weight: 1 },
  { name: names.volumeRestrictions },
  { name: names.nodeVolumeLimits },
  { name: names.volumeBinding },
  { name: names.volumeZone },
  { name: names.podTopologySpread, weight: 2 },
  { name: names.interPodAffinity, weight: 2 },
  { name: names.dynamicResources, weight: 2 },
  { name: names.defaultPreemption },
  { name: names.nodeResourcesBalancedAllocation, weight: 1 },
  { name: names.imageLocality, weight: 1 },
  { name: names.defaultBinder },
  { name: names.nodeDeclaredFeatures },
]
