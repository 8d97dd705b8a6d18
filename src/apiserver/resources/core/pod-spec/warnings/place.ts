import { Path } from '#machinery'

/** Names of fields below where a template stands; a pod stands at the root. */
export type Place = (first: string, ...rest: readonly string[]) => Path

export const placeIn =
  (template: Path | undefined): Place =>
  (first, ...rest) =>
    template ? template.child(first, ...rest) : Path.of(first, ...rest)
