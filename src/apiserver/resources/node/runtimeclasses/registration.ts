import type { RuntimeClass, Scheduling } from '#api/node/v1'
import {
  duplicate,
  invalidValue,
  nameIsDNSLabel,
  nameIsDNSSubdomain,
  Path,
  required,
  validateLabels,
  validateObjectMeta,
  validateObjectMetaUpdate,
} from '#machinery'
import type { FieldError } from '#machinery'
import { podTemplateOptions } from '../../core/pod-spec/options.ts'
import { validateContainerResources } from '../../core/pod-spec/validation/resources.ts'
import { validateTolerations } from '../../core/pod-spec/validation/tolerations.ts'
import type { ResourceRegistration } from '../../../resource/registration.ts'
import { strategy } from '../../../resource/strategy.ts'
import { ageOf } from '../../../table/age.ts'
import { tableColumns } from '../../../table/columns.ts'
import { deprecatedNodeLabel } from '../../common/deprecated-labels.ts'
import { goValue } from '../../common/go-value.ts'
import { immutable } from '../../common/values.ts'

const metadata = Path.of('metadata')
const handler = Path.of('handler')
const scheduling = Path.of('scheduling')

export const runtimeClassesRegistration: ResourceRegistration = {
  place: 'node/v1',
  plural: 'runtimeclasses',
  strategy: strategy<RuntimeClass>({
    allowCreateOnUpdate: true,
    allowUnconditionalUpdate: false,
    validate,
    validateUpdate: (runtimeClass, old) => [
      ...validate(runtimeClass),
      ...validateObjectMetaUpdate(runtimeClass.metadata, old.metadata, metadata),
      ...immutable(handler, runtimeClass.handler, old.handler),
    ],
    warningsOnCreate: warnings,
    warningsOnUpdate: warnings,
  }),
  columns: tableColumns<RuntimeClass>(
    [
      { name: 'Name', type: 'string', format: 'name' },
      { name: 'Handler', type: 'string' },
      { name: 'Age', type: 'string' },
    ],
    (runtimeClass, now) => ({
      cells: [runtimeClass.metadata.name ?? '', runtimeClass.handler, ageOf(runtimeClass, now)],
    }),
  ),
}

function validate(runtimeClass: RuntimeClass): readonly FieldError[] {
  const errors = [
    ...validateObjectMeta(runtimeClass.metadata, { namespaced: false, name: nameIsDNSSubdomain }, metadata),
  ]
  const name = runtimeClass.handler
  if (name === '') errors.push(required(handler))
  else for (const problem of nameIsDNSLabel(name, false)) errors.push(invalidValue(handler, name, problem))
  const { podFixed } = runtimeClass.overhead ?? {}
  // What pods take on top is a list of limits as containers have it.
  if (podFixed)
    errors.push(
      ...validateContainerResources(
        { limits: podFixed },
        new Set(),
        Path.of('overhead'),
        podTemplateOptions(undefined),
      ),
    )
  return [...errors, ...(runtimeClass.scheduling ? validateScheduling(runtimeClass.scheduling) : [])]
}

function validateScheduling({ nodeSelector, tolerations }: Scheduling): readonly FieldError[] {
  const seen = new Set<string>()
  return [
    ...validateLabels(nodeSelector, scheduling.child('nodeSelector')),
    ...validateTolerations(tolerations, scheduling.child('tolerations'), false),
    ...(tolerations ?? []).flatMap((toleration, index) => {
      const { key = '', operator = '', value = '', effect = '' } = toleration
      const same = JSON.stringify([key, operator, value, effect])
      const known = seen.has(same)
      seen.add(same)
      const at = scheduling.child('tolerations').index(index)
      return known ? [duplicate(at, goValue('core/v1.Toleration', toleration))] : []
    }),
  ]
}

function warnings({ scheduling: wanted }: RuntimeClass): readonly string[] {
  return Object.keys(wanted?.nodeSelector ?? {}).flatMap((key) => {
    const message = deprecatedNodeLabel(key)
    return message === undefined ? [] : [`${scheduling.child('nodeSelector').toString()}: ${message}`]
  })
}
