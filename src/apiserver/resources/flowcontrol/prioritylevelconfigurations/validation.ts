import type {
  ExemptPriorityLevelConfiguration,
  LimitedPriorityLevelConfiguration,
  LimitResponse,
  PriorityLevelConfiguration,
  PriorityLevelConfigurationSpec,
  QueuingConfiguration,
} from '#api/flowcontrol/v1'
import { semanticEqual } from '#base'
import { fieldForbidden, invalidValue, nameIsDNSSubdomain, notSupported, Path, required, named } from '#machinery'
import type { FieldError } from '#machinery'
import { mandatoryLevels } from '../../../bootstrap/flowcontrol/objects.ts'
import { goValue } from '../../common/go-value.ts'
import { validateConditions } from '../conditions.ts'
import { validateObjectMeta } from '../../metadata.ts'

const metadata = Path.of('metadata')
const spec = Path.of('spec')
const maxQueues = 10_000_000
/** Bits of the hash from which hands are dealt. */
const maxHashBits = 60
const zeroSharesAnnotation = 'flowcontrol.k8s.io/v1beta3-preserve-zero-concurrency-shares'

export function validatePriorityLevel(level: PriorityLevelConfiguration): readonly FieldError[] {
  const { name = '', annotations } = level.metadata
  const errors = [...validateObjectMeta(level.metadata, { namespaced: false, name: nameIsDNSSubdomain }, metadata)]
  if (annotations?.[zeroSharesAnnotation] !== undefined) {
    const why = `annotation '${zeroSharesAnnotation}' is forbidden`
    errors.push(fieldForbidden(metadata.child('annotations'), why))
  }
  return [
    ...errors,
    ...validateSpec(name, level.spec),
    ...validateMandatory(name, level.spec),
    ...validateConditions(level.status?.conditions),
  ]
}

function validateMandatory(name: string, wanted: PriorityLevelConfigurationSpec): readonly FieldError[] {
  const mandatory = mandatoryLevels.find((one) => one.metadata.name === name)
  if (!mandatory) return []
  const shown = goValue('flowcontrol/v1.PriorityLevelConfigurationSpec', wanted)
  if (name === 'exempt') {
    const { exempt: _exempt, ...rest } = wanted
    const { exempt: _other, ...fixed } = mandatory.spec
    if (semanticEqual(rest, fixed)) return []
    return [invalidValue(spec, shown, `spec of '${name}' except the 'spec.exempt' field must equal the fixed value`)]
  }
  return semanticEqual(wanted, mandatory.spec)
    ? []
    : [invalidValue(spec, shown, `spec of '${name}' must equal the fixed value`)]
}

function validateSpec(name: string, wanted: PriorityLevelConfigurationSpec): readonly FieldError[] {
  const { type, limited, exempt } = wanted
  const atLimited = spec.child('limited')
  const atExempt = spec.child('exempt')
  const errors: FieldError[] = []
  if ((name === 'exempt') !== (type === 'Exempt'))
    errors.push(invalidValue(spec.child('type'), named(type), "must be 'Exempt' if and only if `name` is 'exempt'"))
  if (type === 'Exempt') {
    if (limited) errors.push(fieldForbidden(atLimited, 'must be nil if the type is not Limited'))
    return exempt ? [...errors, ...validateExempt(exempt, atExempt)] : errors
  }
  if (type !== 'Limited') return [...errors, notSupported(spec.child('type'), type, ['Exempt', 'Limited'])]
  if (exempt) errors.push(fieldForbidden(atExempt, 'must be nil if the type is Limited'))
  if (!limited) return [...errors, required(atLimited, 'must not be empty when type is Limited')]
  return [...errors, ...validateLimited(limited, atLimited)]
}

function validateShares(
  { nominalConcurrencyShares = 0 }: ExemptPriorityLevelConfiguration,
  at: Path,
): readonly FieldError[] {
  if (nominalConcurrencyShares >= 0) return []
  return [
    invalidValue(at.child('nominalConcurrencyShares'), nominalConcurrencyShares, 'must be a non-negative integer'),
  ]
}

function validateLendable({ lendablePercent = 0 }: ExemptPriorityLevelConfiguration, at: Path): readonly FieldError[] {
  if (lendablePercent >= 0 && lendablePercent <= 100) return []
  return [invalidValue(at.child('lendablePercent'), lendablePercent, 'must be between 0 and 100, inclusive')]
}

const validateExempt = (exempt: ExemptPriorityLevelConfiguration, at: Path): readonly FieldError[] => [
  ...validateShares(exempt, at),
  ...validateLendable(exempt, at),
]

function validateLimited(limited: LimitedPriorityLevelConfiguration, at: Path): readonly FieldError[] {
  const { limitResponse = { type: '' }, borrowingLimitPercent: borrowing = 0 } = limited
  const errors = [
    ...validateShares(limited, at),
    ...validateResponse(limitResponse, at.child('limitResponse')),
    ...validateLendable(limited, at),
  ]
  if (borrowing < 0) {
    const why = 'if specified, must be a non-negative integer'
    errors.push(invalidValue(at.child('borrowingLimitPercent'), borrowing, why))
  }
  return errors
}

function validateResponse({ type, queuing }: LimitResponse, at: Path): readonly FieldError[] {
  const path = at.child('queuing')
  if (type === 'Reject')
    return queuing ? [fieldForbidden(path, 'must be nil if limited.limitResponse.type is not Limited')] : []
  if (type !== 'Queue') return [notSupported(at.child('type'), type, ['Queue', 'Reject'])]
  if (!queuing) return [required(path, 'must not be empty if limited.limitResponse.type is Limited')]
  return validateQueuing(queuing, path)
}

function validateQueuing(queuing: QueuingConfiguration, at: Path): readonly FieldError[] {
  const { queueLengthLimit: length = 0, queues = 0, handSize = 0 } = queuing
  const atQueues = at.child('queues')
  const atHand = at.child('handSize')
  const errors: FieldError[] = []
  if (length <= 0) errors.push(invalidValue(at.child('queueLengthLimit'), length, 'must be positive'))
  if (queues <= 0) errors.push(invalidValue(atQueues, queues, 'must be positive'))
  else if (queues > maxQueues) errors.push(invalidValue(atQueues, queues, `must not be greater than ${maxQueues}`))
  if (handSize <= 0) errors.push(invalidValue(atHand, handSize, 'must be positive'))
  else if (handSize > queues)
    errors.push(invalidValue(atHand, handSize, `should not be greater than queues (${queues})`))
  else if (Math.ceil(Math.log2(queues) * handSize) > maxHashBits) {
    const why = `required entropy bits of deckSize ${queues} and handSize ${handSize} should not be greater than ${maxHashBits}`
    errors.push(invalidValue(atHand, handSize, why))
  }
  return errors
}
