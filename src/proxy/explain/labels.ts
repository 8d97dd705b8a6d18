type Labels = { readonly [key: string]: string }

/** Whether labels have all that a Service's selector asks for. */
export const labelsMatch = (selector: Labels, labels: Labels | undefined): boolean =>
  Object.entries(selector).every(([key, value]) => labels?.[key] === value)
