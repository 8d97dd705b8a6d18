import { annotationValue, conditions, controllerName, group, kind, localRef, objectName } from './common.ts'
import { parentRef, preciseHostName, sectionName } from './common.ts'
import { choice, list, mapOf, record, text } from './schema.ts'
import type { Schema } from './schema.ts'

const hasReferences = 'has(self.caCertificateRefs) && size(self.caCertificateRefs) > 0'
const hasWellKnown = 'has(self.wellKnownCACertificates) && self.wellKnownCACertificates != ""'

const sameTarget = 'p1.group == p2.group && p1.kind == p2.kind && p1.name == p2.name'
const noSection = (ref: string): string => `(!has(${ref}.sectionName) || ${ref}.sectionName == '')`

export const backendTlsPolicySpec: Schema = record(
  {
    options: mapOf(annotationValue, 16),
    targetRefs: list(
      record({ group, kind, name: objectName, sectionName }, ['group', 'kind', 'name']),
      16,
      { minItems: 1, 'x-kubernetes-list-type': 'atomic' },
      [
        [
          'sectionName must be specified when targetRefs includes 2 or more references to the same target',
          `self.all(p1, self.all(p2, ${sameTarget} ? (${noSection('p1')} == ${noSection('p2')}) : true))`,
        ],
        [
          'sectionName must be unique when targetRefs includes 2 or more references to the same target',
          `self.all(p1, self.exists_one(p2, ${sameTarget} && ((${noSection('p1')} && ${noSection('p2')}) || ` +
            '(has(p1.sectionName) && has(p2.sectionName) && p1.sectionName == p2.sectionName))))',
        ],
      ],
    ),
    validation: record(
      {
        caCertificateRefs: list(localRef, 8),
        hostname: preciseHostName,
        subjectAltNames: list(
          record({ hostname: text({ minLength: 1, maxLength: 253 }), type: choice('Hostname', 'URI'), uri: text() }, [
            'type',
          ]),
          5,
        ),
        wellKnownCACertificates: choice('System'),
      },
      ['hostname'],
      [
        [
          'must not contain both CACertificateRefs and WellKnownCACertificates',
          `!(${hasReferences} && ${hasWellKnown})`,
        ],
        ['must specify either CACertificateRefs or WellKnownCACertificates', `(${hasReferences} || ${hasWellKnown})`],
      ],
    ),
  },
  ['targetRefs', 'validation'],
)

export const backendTlsPolicyStatus: Schema = record(
  {
    ancestors: list(
      record({ ancestorRef: parentRef, conditions: conditions({ minItems: 1 }), controllerName }, [
        'ancestorRef',
        'conditions',
        'controllerName',
      ]),
      16,
    ),
  },
  ['ancestors'],
)
