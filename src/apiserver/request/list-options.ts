import { fieldForbidden, invalid, notSupported } from '#machinery'
import type { FieldError } from '#machinery'
import type { ListOptions } from '#api/meta/v1'

/**
 * Completes and checks the options of a list or watch. A watch without a resourceVersion (or with "0") begins with the
 * objects there are, as KEP-3157 has it.
 *
 * @throws StatusError Invalid
 */
export function completeListOptions(options: ListOptions): ListOptions {
  const fromNow = options.resourceVersion === undefined || options.resourceVersion === '0'
  const complete =
    options.watch && fromNow && options.sendInitialEvents === undefined && !options.resourceVersionMatch
      ? { ...options, sendInitialEvents: true, resourceVersionMatch: 'NotOlderThan' as const }
      : options
  const errors = complete.watch ? watchErrors(complete) : listErrors(complete)
  if (errors.length > 0) throw invalid({ group: 'meta.k8s.io', kind: 'ListOptions' }, '', errors)
  return complete
}

const match = 'resourceVersionMatch'

function listErrors(options: ListOptions): FieldError[] {
  const errors: FieldError[] = []
  const { resourceVersion = '', resourceVersionMatch = '' } = options
  if (resourceVersionMatch !== '') {
    if (resourceVersion === '')
      errors.push(fieldForbidden(match, 'resourceVersionMatch is forbidden unless resourceVersion is provided'))
    if (options.continue)
      errors.push(fieldForbidden(match, 'resourceVersionMatch is forbidden when continue is provided'))
    if (resourceVersionMatch !== 'Exact' && resourceVersionMatch !== 'NotOlderThan') {
      errors.push(notSupported(match, resourceVersionMatch, ['Exact', 'NotOlderThan', '']))
    }
    if (resourceVersionMatch === 'Exact' && resourceVersion === '0') {
      errors.push(fieldForbidden(match, 'resourceVersionMatch "exact" is forbidden for resourceVersion "0"'))
    }
  }
  if (options.sendInitialEvents !== undefined)
    errors.push(fieldForbidden('sendInitialEvents', 'sendInitialEvents is forbidden for list'))
  return errors
}

function watchErrors(options: ListOptions): FieldError[] {
  const errors: FieldError[] = []
  const { resourceVersionMatch = '' } = options
  if (options.sendInitialEvents !== undefined && resourceVersionMatch !== 'NotOlderThan') {
    errors.push(fieldForbidden(match, 'sendInitialEvents requires setting resourceVersionMatch to NotOlderThan'))
  }
  if (resourceVersionMatch !== '') {
    if (options.sendInitialEvents === undefined) {
      errors.push(
        fieldForbidden(match, 'resourceVersionMatch is forbidden for watch unless sendInitialEvents is provided'),
      )
    }
    if (resourceVersionMatch !== 'NotOlderThan')
      errors.push(notSupported(match, resourceVersionMatch, ['NotOlderThan']))
    if (options.continue)
      errors.push(fieldForbidden(match, 'resourceVersionMatch is forbidden when continue is provided'))
  }
  return errors
}
