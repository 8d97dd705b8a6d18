/** What something comes to at least and at most; `Infinity` where nobody can tell. */
export interface Range {
  readonly min: number
  readonly max: number
}

export const exactly = (value: number): Range => ({ min: value, max: value })

export const unknown: Range = { min: 0, max: Infinity }

export const add = (a: Range, b: Range): Range => ({ min: a.min + b.min, max: a.max + b.max })

/** The least and the most of both. */
export const cover = (a: Range, b: Range): Range => ({ min: Math.min(a.min, b.min), max: Math.max(a.max, b.max) })

/** Rounded up. */
export const times = (range: Range, factor: number): Range => ({
  min: scaled(range.min, factor),
  max: scaled(range.max, factor),
})

const scaled = (value: number, factor: number): number => (value === 0 || factor === 0 ? 0 : Math.ceil(value * factor))

export const multiply = (a: Range, b: Range): Range => ({
  min: a.min === 0 || b.min === 0 ? 0 : a.min * b.min,
  max: a.max === 0 || b.max === 0 ? 0 : a.max * b.max,
})
