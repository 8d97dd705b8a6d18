import type { DeleteOptions } from '#api/meta/v1'
import { Remembered } from '#base'
import { fieldForbidden, invalid, invalidValue, notSupported, required, tooLong } from '#machinery'
import type { FieldError } from '#machinery'

/** Options that creates, updates and patches have in common. */
export interface WriteOptions {
  readonly dryRun?: readonly string[]
  readonly fieldManager?: string
  readonly fieldValidation?: string
  readonly force?: boolean
}

const longestManager = 128

/** @throws StatusError Invalid, in the name of `kind` (`CreateOptions`, ...). */
export function checkWriteOptions(
  kind: 'CreateOptions' | 'UpdateOptions' | 'PatchOptions',
  options: WriteOptions,
  apply = false,
): void {
  const errors: FieldError[] = []
  if (kind === 'PatchOptions') {
    if (apply && !options.fieldManager) errors.push(required('fieldManager', 'is required for apply patch'))
    if (!apply && options.force !== undefined)
      errors.push(fieldForbidden('force', 'may not be specified for non-apply patch'))
  }
  errors.push(...fieldManagerErrors(options.fieldManager ?? ''), ...dryRunErrors(options.dryRun))
  const { fieldValidation = '' } = options
  if (!['', 'Ignore', 'Warn', 'Strict'].includes(fieldValidation)) {
    errors.push(notSupported('fieldValidation', fieldValidation, ['', 'Ignore', 'Strict', 'Warn']))
  }
  refuse(kind, errors)
}

/** @throws StatusError Invalid */
export function checkDeleteOptions(options: DeleteOptions): void {
  const errors: FieldError[] = []
  const { orphanDependents, propagationPolicy } = options
  if (orphanDependents !== undefined && propagationPolicy !== undefined) {
    errors.push(
      invalidValue(
        'propagationPolicy',
        propagationPolicy,
        'orphanDependents and deletionPropagation cannot be both set',
      ),
    )
  }
  if (propagationPolicy !== undefined && !['Foreground', 'Background', 'Orphan'].includes(propagationPolicy)) {
    errors.push(notSupported('propagationPolicy', propagationPolicy, ['Foreground', 'Background', 'Orphan', 'nil']))
  }
  errors.push(...dryRunErrors(options.dryRun))
  refuse('DeleteOptions', errors)
}

function refuse(kind: string, errors: readonly FieldError[]): void {
  if (errors.length > 0) throw invalid({ group: 'meta.k8s.io', kind }, '', errors)
}

/** Printable ASCII, of which nobody needs to look at each character. */
const plainName = /^[ -~]*$/

function fieldManagerErrors(manager: string): FieldError[] {
  const errors: FieldError[] = []
  if (manager.length <= longestManager && plainName.test(manager)) return errors
  if (new TextEncoder().encode(manager).length > longestManager) errors.push(tooLong('fieldManager', longestManager))
  let position = 0
  for (const character of manager) {
    if (!isPrintable(character)) {
      errors.push(
        invalidValue('fieldManager', manager, `invalid character ${codePoint(character)} (at position ${position})`),
      )
    }
    position += new TextEncoder().encode(character).length
  }
  return errors
}

function dryRunErrors(dryRun: readonly string[] | undefined): FieldError[] {
  return dryRun && !dryRun.every((value) => value === 'All') ? [notSupported('dryRun', dryRun, ['All'])] : []
}

function isPrintable(character: string): boolean {
  return !/[\p{C}]|[^\P{Z} ]/u.test(character)
}

/** `U+000A`, as Go's `%#U` prints characters that have no picture. */
function codePoint(character: string): string {
  return `U+${(character.codePointAt(0) ?? 0).toString(16).toUpperCase().padStart(4, '0')}`
}

/**
 * Name under which server-side apply files a write: the field manager that was given, else the printable start of the
 * user agent up to its first slash.
 */
export function managerName(fieldManager: string | undefined, userAgent: string): string {
  return fieldManager || names.of(userAgent)
}

/** Names by user agent; there are few clients. */
const names = new Remembered(500, printableStart)

function printableStart(userAgent: string): string {
  let name = ''
  for (const character of userAgent.split('/')[0] ?? '') {
    if (!isPrintable(character)) continue
    if (new TextEncoder().encode(name + character).length > longestManager) break
    name += character
  }
  return name
}
