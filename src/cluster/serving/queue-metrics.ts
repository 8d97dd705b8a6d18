import type { ControllerMetrics, UnfinishedWork } from '#client'
import { exponentialBounds, gathered, HistogramFamily, NumberFamily } from '#machinery'
import type { MetricFamily } from '#machinery'

/** Seconds: from ten nanoseconds on. */
const bounds = exponentialBounds(10e-9, 10, 10)

const number = (type: 'counter' | 'gauge', name: string, help: string): NumberFamily =>
  new NumberFamily(type, `workqueue_${name}`, help, ['name'])
const seconds = (name: string, help: string): HistogramFamily =>
  new HistogramFamily(`workqueue_${name}_seconds`, help, bounds, ['name'])

/** Counts what happens in the queues of controllers, as upstream names it. */
export class QueueMetrics {
  readonly #added = number('counter', 'adds_total', 'Keys added to a queue.')
  readonly #depth = number('gauge', 'depth', 'Keys that wait in a queue.')
  readonly #retried = number('counter', 'retries_total', 'Keys that were put off.')
  readonly #waited = seconds('queue_duration', 'Seconds that keys waited.')
  readonly #worked = seconds('work_duration', 'Seconds that were worked on keys.')
  readonly #unfinished = new Map<string, () => UnfinishedWork>()

  for(controller: string): ControllerMetrics {
    const [added, retried] = [this.#added.of(controller), this.#retried.of(controller)]
    const depth = this.#depth.of(controller)
    // A controller that starts again, because this process leads again, has a queue that is empty.
    depth.value = 0
    const [waited, worked] = [this.#waited.of(controller), this.#worked.of(controller)]
    return {
      queue: {
        began: (unfinished) => void this.#unfinished.set(controller, unfinished),
        added() {
          added.value++
          depth.value++
        },
        got(waitedMs) {
          depth.value--
          waited.observe(waitedMs / 1000)
        },
        done(workedMs) {
          worked.observe(workedMs / 1000)
        },
        retried() {
          retried.value++
        },
      },
    }
  }

  families(): readonly MetricFamily[] {
    const working = (name: string, help: string, of: (work: UnfinishedWork) => number): MetricFamily =>
      gathered('gauge', `workqueue_${name}_seconds`, help, () =>
        [...this.#unfinished].map(([queue, unfinished]) => ({
          labels: { name: queue },
          value: of(unfinished()) / 1000,
        })),
      )
    return [
      this.#added,
      this.#depth,
      this.#retried,
      this.#waited,
      this.#worked,
      working('unfinished_work', 'Seconds worked so far on keys that are not done.', ({ totalMs }) => totalMs),
      working('longest_running_processor', 'The same for the key that takes longest.', ({ longestMs }) => longestMs),
    ]
  }
}
