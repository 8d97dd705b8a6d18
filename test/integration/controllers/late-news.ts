import { TransportError } from '#client'
import type { ApiRequest, OutgoingEvent, Transport, WatchResponse } from '#client'

/** The way between controllers and the server, on which a test holds up what controllers hear of pods. */
export class LateNews {
  /** Told of every deletion of a pod before it arrives. `lost`: it is carried out, and its answer is lost. */
  onDelete: (path: string) => Promise<'lost' | void> = async () => {}
  #held = false
  readonly #waiting: (() => void)[] = []

  readonly through =
    (handle: Transport): Transport =>
    async (request) => {
      const isDelete = request.method === 'DELETE' && request.path.includes('/pods/')
      const fate = isDelete ? await this.onDelete(request.path) : undefined
      const response = await handle(request)
      if (fate === 'lost') throw new TransportError('Lost', 'the connection was lost')
      return response.kind === 'watch' && isOfPods(request) ? this.#late(response) : response
    }

  /** From now on nothing is heard of pods. */
  hold(): void {
    this.#held = true
  }

  /** All that was held up is heard, in its order. */
  release(): void {
    this.#held = false
    for (const give of this.#waiting.splice(0)) give()
  }

  #late(response: WatchResponse): WatchResponse {
    const { kind, code, contentType } = response
    return {
      kind,
      code,
      contentType,
      start: (sink) =>
        response.start({
          event: (event: OutgoingEvent) => this.#give(() => sink.event(event)),
          end: () => this.#give(() => sink.end()),
        }),
    }
  }

  #give(give: () => void): void {
    if (this.#held) this.#waiting.push(give)
    else give()
  }
}

const isOfPods = ({ path }: ApiRequest): boolean => path === '/api/v1/pods'
