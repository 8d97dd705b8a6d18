/** A template of kubectl's JSONPath: texts, and between braces the actions. */
export type Template = readonly Part[]

export type Part = { readonly kind: 'text'; readonly text: string } | { readonly kind: 'action'; readonly steps: Steps }

/** What an action does to a value, one after the other. */
export type Steps = readonly Step[]

export type Step =
  | { readonly kind: 'text'; readonly text: string }
  | { readonly kind: 'number'; readonly value: number; readonly whole: boolean }
  | { readonly kind: 'boolean'; readonly value: boolean }
  | { readonly kind: 'field'; readonly name: string }
  /** A word of its own, such as `range`. */
  | { readonly kind: 'word'; readonly word: string }
  | { readonly kind: 'all' }
  | { readonly kind: 'deep' }
  | { readonly kind: 'slice'; readonly slice: Slice }
  | { readonly kind: 'union'; readonly branches: readonly Steps[] }
  | {
      readonly kind: 'filter'
      readonly left: Steps
      /** Empty where the filter asks only whether there is something on the left. */
      readonly operator: string
      readonly right: Steps
    }

/** Bounds of a part of a list; negative ones count from its end. */
export interface Slice {
  readonly from?: number
  readonly to?: number
  /** Only the element at `from` was asked for. */
  readonly single: boolean
  readonly step?: number
}
