/** One level of maps within maps. Levels instead of keys put together, which could be forged. */
export type Level<T> = Map<string, T>

/** The map below a key, made when there is none. */
export function below<T>(level: Level<Level<T>>, key: string): Level<T> {
  let next = level.get(key)
  if (!next) {
    next = new Map()
    level.set(key, next)
  }
  return next
}
