import type { Socket } from 'node:net'
import { Duplex } from 'node:stream'
import { expect, test } from 'vitest'
import { Http1Answer } from './answer.ts'
import { HeadReader } from './head.ts'

test.each([false, true])(
  'answers that had to wait go out when all are made that waited with them (%j)',
  async (late) => {
    const written: string[] = []
    const answerTo = (name: string): Http1Answer => {
      const socket = new Duplex({
        read() {},
        write(bytes: Buffer, _, done) {
          written.push(name + bytes.toString('latin1').slice(-2))
          done()
        },
      }) as Socket
      const target = { socket, date: 'today', isLast: () => false, isLate: () => late, makeLast() {}, answered() {} }
      return new Http1Answer(target, new HeadReader().read('GET / HTTP/1.1\r\nHost: a\r\n'))
    }
    const made: (readonly string[])[] = []
    const commit = Promise.resolve()
    const waiting = ['a', 'b'].map(async (name) => {
      const answer = answerTo(name)
      await commit
      answer.whole(200, 'text/plain', undefined, Buffer.from('ok'))
      made.push([...written])
    })
    await Promise.all(waiting)
    await new Promise((resolve) => setImmediate(resolve))
    expect(made).toEqual(late ? [[], []] : [['aok'], ['aok', 'bok']])
    expect(written).toEqual(['aok', 'bok'])
  },
)
