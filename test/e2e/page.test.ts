import { describe, expect, test } from 'vitest'
import { isAnswer, readPage } from './support/page.ts'

describe('a page', () => {
  test('is read as sections of commands with answers', () => {
    const page = [
      '# T',
      '## One',
      'text',
      '```console',
      '$ a \\',
      '  b',
      'x',
      'y',
      '$ c',
      '```',
      '## Two',
      '```',
      '$ d',
    ]
    expect(readPage(page.join('\n'))).toEqual([
      {
        title: 'One',
        steps: [
          { command: 'a b', answer: ['x', 'y'] },
          { command: 'c', answer: [] },
        ],
      },
    ])
  })

  test.each([
    ['NAME AGE IP\nfoo-587968565c-9zw2t 3m2s 10.244.0.17\n', ['NAME  AGE IP', 'foo-79d6c4bd5f-abcde  1s  10.0.0.1']],
    ['a\nb\nc\nd\n', ['...', 'c', '...']],
    ['a\n', ['...', 'a']],
    ['"GET /" 200 17 "curl"\n', ['"GET /" 200 ...']],
    ['whatever\n', []],
  ])('takes %j for its answer', (said, shown) => expect(isAnswer(said, shown)).toBe(true))

  test.each([
    ['a\nb\n', ['a']],
    ['a\n', ['a', 'b']],
    ['4/4 4\n', ['4/4 3']],
    ['000\n200\n', ['200']],
    ['web2\n', ['web']],
    ['', ['...', 'a']],
  ])('does not take %j for its answer', (said, shown) => expect(isAnswer(said, shown)).toBe(false))
})
