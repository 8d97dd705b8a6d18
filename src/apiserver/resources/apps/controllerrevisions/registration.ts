import type { ControllerRevision } from '#api/apps/v1'
import { nameIsDNSSubdomain, parseGroupVersion, Path, required } from '#machinery'
import type { FieldError } from '#machinery'
import type { ResourceRegistration } from '../../../resource/registration.ts'
import { strategy } from '../../../resource/strategy.ts'
import { ageOf } from '../../../table/age.ts'
import { tableColumns } from '../../../table/columns.ts'
import { immutable, nonnegative } from '../../common/values.ts'
import { validateObjectMeta, validateObjectMetaUpdate } from '../../metadata.ts'

const metadata = Path.of('metadata')
const data = Path.of('data')

export const controllerRevisionsRegistration: ResourceRegistration = {
  place: 'apps/v1',
  plural: 'controllerrevisions',
  strategy: strategy<ControllerRevision>({
    validate: (revision) => [...validate(revision), ...validateData(revision)],
    validateUpdate: (revision, old) => [
      ...validateObjectMetaUpdate(revision.metadata, old.metadata, metadata),
      ...validate(revision),
      ...immutable(data, revision.data, old.data),
    ],
  }),
  columns: tableColumns<ControllerRevision>(
    [
      { name: 'Name', type: 'string', format: 'name' },
      { name: 'Controller', type: 'string' },
      { name: 'Revision', type: 'string' },
      { name: 'Age', type: 'string' },
    ],
    (revision, now) => ({
      cells: [revision.metadata.name ?? '', controllerOf(revision), revision.revision, ageOf(revision, now)],
    }),
  ),
}

function validate(revision: ControllerRevision): readonly FieldError[] {
  return [
    ...validateObjectMeta(revision.metadata, { namespaced: true, name: nameIsDNSSubdomain }, metadata),
    ...nonnegative(Path.of('revision'), revision.revision),
  ]
}

/** A revision holds an object. */
function validateData(revision: ControllerRevision): readonly FieldError[] {
  const value = revision.data ?? null
  if (value === null) return [required(data, 'data is mandatory')]
  if (typeof value !== 'object' || Array.isArray(value)) return [required(data, 'data must be a valid JSON object')]
  return []
}

/** `deployment.apps/name` of the controller that owns it. */
function controllerOf({ metadata: { ownerReferences = [] } }: ControllerRevision): string {
  const owner = ownerReferences.find(({ controller }) => controller === true)
  if (!owner) return '<none>'
  const { group } = parseGroupVersion(owner.apiVersion)
  return `${[owner.kind, ...(group === '' ? [] : [group])].join('.').toLowerCase()}/${owner.name}`
}
