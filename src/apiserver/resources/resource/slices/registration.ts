import type { Draft } from '#api'
import type { Device, ResourceSlice } from '#api/resource/v1'
import { quote } from '#machinery'
import { timestamp } from '../../../registry/metadata.ts'
import { defaults } from '../../../resource/registration.ts'
import type { ResourceRegistration } from '../../../resource/registration.ts'
import { strategy } from '../../../resource/strategy.ts'
import { ageOf } from '../../../table/age.ts'
import { tableColumns } from '../../../table/columns.ts'
import { raiseGenerationWithSpec, startGeneration } from '../../common/generation.ts'
import { validateSlice, validateSliceUpdate } from './validation.ts'

export const resourceSlicesRegistration: ResourceRegistration = {
  place: 'resource/v1',
  plural: 'resourceslices',
  strategy: strategy<ResourceSlice>({
    returnsDeletedObject: true,
    unknownField: (label) => `field label not supported for resource.k8s.io/v1, Kind=ResourceSlice: ${label}`,
    fields: ({ spec }) => ({ 'spec.driver': spec.driver, 'spec.nodeName': spec.nodeName ?? '' }),
    prepareForCreate(draft, { clock }) {
      stampTaints(draft, timestamp(clock.now()))
      startGeneration(draft)
      dropDisabled(draft, undefined)
    },
    prepareForUpdate(draft, old, { clock }) {
      stampTaints(draft, timestamp(clock.now()))
      raiseGenerationWithSpec(draft, old)
      dropDisabled(draft, old)
    },
    validate: validateSlice,
    validateUpdate: validateSliceUpdate,
    warningsOnCreate: warnings,
    warningsOnUpdate: warnings,
  }),
  defaults: defaults<ResourceSlice>(({ spec }) => {
    for (const { nodeAllocatableResourceMappings: mappings = {} } of spec.devices ?? []) {
      for (const mapping of Object.values(mappings)) mapping.allocationMultiplier ??= '1'
    }
  }),
  columns: tableColumns<ResourceSlice>(
    [
      { name: 'Name', type: 'string', format: 'name' },
      { name: 'Node', type: 'string' },
      { name: 'Driver', type: 'string' },
      { name: 'Pool', type: 'string' },
      { name: 'Age', type: 'string' },
    ],
    (slice, now) => ({
      cells: [
        slice.metadata.name ?? '',
        slice.spec.nodeName ?? '',
        slice.spec.driver,
        slice.spec.pool.name,
        ageOf(slice, now),
      ],
    }),
  ),
}

/** Taints know when they were made. */
function stampTaints({ spec }: Draft<ResourceSlice>, now: string): void {
  for (const device of spec.devices ?? []) {
    if (device.taints?.some(({ timeAdded }) => timeAdded === undefined))
      device.taints = device.taints.map((taint) => ({ ...taint, timeAdded: taint.timeAdded ?? now }))
  }
}

/** Lists of attributes and resources of nodes are features that are off. */
function dropDisabled({ spec }: Draft<ResourceSlice>, old: ResourceSlice | undefined): void {
  const before = old?.spec.devices ?? []
  const keepsMappings = before.some(
    ({ nodeAllocatableResourceMappings: mappings = {} }) => Object.keys(mappings).length > 0,
  )
  const keepsLists = before.some(hasLists)
  for (const device of spec.devices ?? []) {
    if (!keepsMappings) delete device.nodeAllocatableResourceMappings
    if (keepsLists) continue
    for (const attribute of Object.values(device.attributes ?? {})) {
      delete attribute.ints
      delete attribute.bools
      delete attribute.strings
      delete attribute.versions
    }
  }
}

function hasLists({ attributes = {} }: Device): boolean {
  return Object.values(attributes).some(
    ({ ints, bools, strings, versions }) => ints ?? bools ?? strings ?? versions !== undefined,
  )
}

function warnings({ spec: { driver } }: ResourceSlice): readonly string[] {
  if (driver === driver.toLowerCase()) return []
  return [`spec.driver: driver names should be lowercase; ${quote(driver)} contains uppercase characters`]
}
