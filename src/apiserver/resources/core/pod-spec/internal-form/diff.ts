import { internalForm } from './internal-form.ts'
import { unifiedDiff } from './unified-diff.ts'

/** What differs between two values of one type, as a unified diff of their internal forms. */
export function diffForms(struct: string, old: object, changed: object): string {
  return unifiedDiff(linesOf(internalForm(struct, old)), linesOf(internalForm(struct, changed)))
}

/** Indented JSON in the server's own way: what could end a script in a page is escaped. */
export function linesOf(value: object): string {
  return JSON.stringify(value, undefined, 1)
    .replaceAll('<', '\\u003c')
    .replaceAll('>', '\\u003e')
    .replaceAll('&', '\\u0026')
    .replaceAll('\u2028', '\\u2028')
    .replaceAll('\u2029', '\\u2029')
}
