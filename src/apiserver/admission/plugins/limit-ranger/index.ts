import type { LimitRange, PersistentVolumeClaim, Pod } from '#api/core/v1'
import { aggregate } from '#machinery'
import type { Services } from '../../../services.ts'
import type { AdmissionAttributes, AdmissionPlugin } from '../../admission.ts'
import { draftOf, isAbout, refused } from '../../refusal.ts'
import { claimViolations, podViolations } from './check.ts'
import { setDefaults } from './defaults.ts'

/** Holds pods and claims to what the limit ranges of their namespace say, and fills in what they leave open. */
export function limitRanger({ peekAll }: Services): Omit<AdmissionPlugin, 'name'> {
  const rangesFor = (attributes: AdmissionAttributes): readonly LimitRange[] => {
    if (attributes.oldObject?.metadata.deletionTimestamp !== undefined) return []
    return [...peekAll<LimitRange>('', 'limitranges', attributes.namespace)]
  }
  return {
    operations: ['CREATE', 'UPDATE'],
    resources: ['/pods', '/persistentvolumeclaims'],
    admit(attributes) {
      if (!isPod(attributes)) return
      for (const range of rangesFor(attributes)) setDefaults(draftOf<Pod>(attributes), range)
    },
    validate(attributes) {
      const pod = isPod(attributes)
      if (!pod && !isAbout(attributes, '', 'persistentvolumeclaims')) return
      for (const range of rangesFor(attributes)) {
        const violations = pod
          ? podViolations(range, draftOf<Pod>(attributes))
          : claimViolations(range, draftOf<PersistentVolumeClaim>(attributes))
        if (violations.length > 0) throw refused(attributes, aggregate(violations))
      }
    },
  }
}

/** What containers use is fixed after their creation but for resizing. */
function isPod(attributes: AdmissionAttributes): boolean {
  return attributes.operation === 'CREATE' ? isAbout(attributes, '', 'pods') : isAbout(attributes, '', 'pods', 'resize')
}
