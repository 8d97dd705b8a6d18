/**
 * An object that is still private to whoever builds it, and may be changed in place: what decoding hands to defaulting,
 * admission and strategies. Once stored it is the readonly `T` again.
 *
 * Parts taken over from a stored object are shared with it: replace them, never write into them.
 */
export type Draft<T> = T extends string | number | boolean | null | undefined
  ? T
  : T extends readonly (infer E)[]
    ? Draft<E>[]
    : { -readonly [K in keyof T]: Draft<T[K]> }
