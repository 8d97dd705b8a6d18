import type { Draft } from '#api'
import type { Job } from '#api/batch/v1'
import { deepEqual } from '#base'
import { invalidValue, Path, required } from '#machinery'
import type { FieldError } from '#machinery'
import { selectorIfValid, shownSelector } from '../../common/selectors.ts'

/** Labels that tell a job's pods, and their former names. */
export const labels = {
  uid: 'batch.kubernetes.io/controller-uid',
  name: 'batch.kubernetes.io/job-name',
  formerUid: 'controller-uid',
  formerName: 'job-name',
} as const

/** Labels the pods of a job by its uid and selects them by it. */
export function generateSelector(draft: Draft<Job>): void {
  const { spec, metadata } = draft
  const { name = '', uid = '' } = metadata
  const template = (spec.template.metadata ??= {})
  const own = template.labels ?? {}
  const shared = template.labels !== undefined && metadata.labels === template.labels
  const generated = { [labels.formerName]: name, [labels.name]: name, [labels.formerUid]: uid, [labels.uid]: uid }
  template.labels = sorted({ ...generated, ...own })
  if (shared) metadata.labels = template.labels
  const selector = (spec.selector ??= {})
  const matched = (selector.matchLabels ??= {})
  matched[labels.uid] ??= uid
  selector.matchLabels = sorted(matched)
}

/** Whether a job has no labels but those that the server put on its template, which had none: they are its own by default. */
export function sharesGeneratedLabels({ metadata, spec }: Job): boolean {
  const names: readonly string[] = Object.values(labels)
  const own = Object.keys(metadata.labels ?? {})
  const isGenerated = own.length === names.length && own.every((name) => names.includes(name))
  return isGenerated && spec.manualSelector !== true && deepEqual(metadata.labels, spec.template.metadata?.labels)
}

/** Maps stand in order of their keys. */
function sorted(map: { readonly [key: string]: string }): { [key: string]: string } {
  return Object.fromEntries(Object.entries(map).toSorted(([a], [b]) => (a < b ? -1 : 1)))
}

/**
 * A selector the server made must select the job's own pods.
 *
 * @param prefixed the labels with a prefix must be there; jobs of old lack them
 */
export function validateGeneratedSelector(job: Job, prefixed: boolean): readonly FieldError[] {
  const { spec, metadata } = job
  if (spec.manualSelector === true || !spec.selector) return []
  const { name = '', uid = '' } = metadata
  const errors: FieldError[] = []
  if (uid === '') errors.push(required(Path.of('metadata', 'uid')))
  const expected: { [label: string]: string } = {
    [labels.formerUid]: uid,
    [labels.formerName]: name,
    ...(prefixed ? { [labels.uid]: uid, [labels.name]: name } : {}),
  }
  for (const [label, value] of Object.entries(expected)) errors.push(...validateHasLabel(job, label, value))
  if (selectorIfValid(spec.selector)?.matches(expected) === false)
    errors.push(
      invalidValue(Path.of('spec', 'selector'), shownSelector(spec.selector), '`selector` not auto-generated'),
    )
  return errors
}

function validateHasLabel({ spec }: Job, label: string, expected: string): readonly FieldError[] {
  const at = Path.of('spec', 'template', 'metadata', 'labels')
  const all = spec.template.metadata?.labels ?? {}
  const actual = all[label]
  if (actual === undefined) return [required(at.key(label), `must be '${expected}'`)]
  return actual === expected ? [] : [invalidValue(at.key(label), all, `must be '${expected}'`)]
}
