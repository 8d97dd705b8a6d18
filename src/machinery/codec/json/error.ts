/** A body is no JSON, or not the JSON of the type it should be; the message is the API's. */
export class JsonError extends Error {
  override readonly name = 'JsonError'
}
