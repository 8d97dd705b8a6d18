import type { ResourceClaimTemplate } from '#api/resource/v1'
import { fieldForbidden, nameIsDNSSubdomain, Path, validateAnnotations, validateLabels } from '#machinery'
import type { FieldError, ObjectMeta } from '#machinery'
import { defaults } from '../../../resource/registration.ts'
import type { ResourceRegistration } from '../../../resource/registration.ts'
import { strategy } from '../../../resource/strategy.ts'
import type { RequestContext } from '../../../request/context.ts'
import { ageOf } from '../../../table/age.ts'
import { tableColumns } from '../../../table/columns.ts'
import { goValue } from '../../common/go-value.ts'
import { immutable } from '../../common/values.ts'
import { refuseAdminAccess } from './admin-access.ts'
import { defaultClaimSpec, validateClaimSpec } from './spec.ts'
import { validateObjectMeta, validateObjectMetaUpdate } from '../../metadata.ts'

const metadata = Path.of('metadata')
const spec = Path.of('spec')

export const resourceClaimTemplatesRegistration: ResourceRegistration = {
  place: 'resource/v1',
  plural: 'resourceclaimtemplates',
  strategy: strategy<ResourceClaimTemplate>({
    returnsDeletedObject: true,
    validate: (template, context) => [...refuseAdmin(template, context), ...validate(template)],
    validateUpdate: (template, old) => [
      ...validate(template),
      ...validateObjectMetaUpdate(template.metadata, old.metadata, metadata),
      ...immutable(spec, template.spec, old.spec, goValue('resource/v1.ResourceClaimTemplateSpec', template.spec)),
    ],
  }),
  defaults: defaults<ResourceClaimTemplate>((draft) => defaultClaimSpec(draft.spec.spec)),
  columns: tableColumns<ResourceClaimTemplate>(
    [
      { name: 'Name', type: 'string', format: 'name' },
      { name: 'Age', type: 'string' },
    ],
    (template, now) => ({ cells: [template.metadata.name ?? '', ageOf(template, now)] }),
  ),
}

const refuseAdmin = (template: ResourceClaimTemplate, context: RequestContext): readonly FieldError[] =>
  refuseAdminAccess(template.spec.spec, template.metadata.namespace ?? '', context)

function validate(template: ResourceClaimTemplate): readonly FieldError[] {
  return [
    ...validateObjectMeta(template.metadata, { namespaced: true, name: nameIsDNSSubdomain }, metadata),
    ...validateTemplateMeta(template.spec.metadata ?? {}, spec.child('metadata')),
    ...validateClaimSpec(template.spec.spec, spec.child('spec')),
  ]
}

/** In the order of the type's fields, under names that begin small. */
const others: readonly (readonly [keyof ObjectMeta, string])[] = [
  ['name', 'name'],
  ['generateName', 'generateName'],
  ['namespace', 'namespace'],
  ['selfLink', 'selfLink'],
  ['uid', 'uID'],
  ['resourceVersion', 'resourceVersion'],
  ['generation', 'generation'],
  ['creationTimestamp', 'creationTimestamp'],
  ['deletionTimestamp', 'deletionTimestamp'],
  ['deletionGracePeriodSeconds', 'deletionGracePeriodSeconds'],
  ['ownerReferences', 'ownerReferences'],
  ['finalizers', 'finalizers'],
  ['managedFields', 'managedFields'],
]

/** Templates say labels and annotations of what is made of them. */
function validateTemplateMeta(meta: ObjectMeta, at: Path): readonly FieldError[] {
  return [
    ...validateAnnotations(meta.annotations, at.child('annotations')),
    ...validateLabels(meta.labels, at.child('labels')),
    ...others.flatMap(([field, shown]) =>
      meta[field] === undefined ? [] : [fieldForbidden(at.child(shown), 'cannot be set')],
    ),
  ]
}
