import type { Node, Pod } from '#api/core/v1'
import { deepEqual } from '#base'
import type { Plugin } from '../../framework/plugin.ts'
import { unresolvable } from '../../framework/status.ts'
import { names } from '../names.ts'
import { requiredFeatures } from './required-features.ts'

const refused = unresolvable(names.nodeDeclaredFeatures, "node(s) didn't match Pod's required features")

/** Keeps pods from nodes that don't declare what the pods need of the node agent (KEP-5328). */
export function createNodeDeclaredFeatures(): Plugin {
  return {
    name: names.nodeDeclaredFeatures,
    events: [
      {
        resource: 'Node',
        actions: ['Add', 'UpdateNodeDeclaredFeature'],
        hint: (_pod, old, current) => {
          const before = old as Node | undefined
          const same = before && deepEqual(featuresOf(before), featuresOf(current as Node))
          return same ? 'skip' : 'queue'
        },
      },
      {
        resource: 'Pod',
        actions: ['Update'],
        hint: (pod, old, current) => {
          const after = current as Pod
          if (pod.metadata.uid !== after.metadata.uid) return 'skip'
          return deepEqual(requiredFeatures(old as Pod), requiredFeatures(after)) ? 'skip' : 'queue'
        },
      },
    ],
    preFilter: (_cycle, { shape }) => (shape.requiredFeatures.length === 0 ? { skip: true } : undefined),
    filter(_cycle, { shape }, { node }) {
      const declared = node ? featuresOf(node) : []
      return shape.requiredFeatures.every((feature) => declared.includes(feature)) ? undefined : refused
    },
    filterPerNode: { on: 'node', key: ({ shape }) => shape.requiredFeatures.join() },
  }
}

const featuresOf = ({ status }: Node): readonly string[] => status?.declaredFeatures ?? []
