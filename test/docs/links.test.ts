/** No link of a page leads nowhere: neither to a file that is not there nor to a heading that is none. */
import assert from 'node:assert/strict'
import { spawnSync } from 'node:child_process'
import { existsSync, readFileSync, statSync } from 'node:fs'
import { dirname, join, posix } from 'node:path'
import { test } from 'node:test'
import { ROOT } from '../documents.ts'

const LINK = /\]\(([^()\s]+(?:\([^()\s]*\))?)\)/g
const CODE = /^```[\s\S]*?^```$|^ {4}.*$|`[^`\n]+`/gm
const ELSEWHERE = /^(https?|mailto):/

const read = (path: string) => readFileSync(join(ROOT, path), 'utf8')

/** The pages of the repository, also those that git is yet to be told of; null where there is no git. */
function pages(): string[] | null {
  const words = ['ls-files', '-co', '--exclude-standard', '-z', '*.md']
  const { status, stdout } = spawnSync('git', words, { cwd: ROOT, encoding: 'utf8' })
  const listed = stdout?.split('\0').filter((path) => path !== '' && existsSync(join(ROOT, path)))
  return status === 0 ? listed : null
}

/** What may stand after `#`: the headings, as forges write them, and places that are named. */
function anchorsOf(text: string): Set<string> {
  const anchors = new Set([...text.matchAll(/<a id="([^"]+)">/g)].map(([, id]) => id!))
  const seen = new Map<string, number>()
  for (const [, heading] of text.replace(/^```[\s\S]*?^```$/gm, '').matchAll(/^#{1,6} +(.+?) *$/gm)) {
    const words = heading!.replace(/\[([^\]]*)\]\([^)]*\)/g, '$1').replace(/\\(.)/g, '$1')
    const slug = words
      .toLowerCase()
      .replace(/[^\p{L}\p{N}\s_-]/gu, '')
      .replaceAll(' ', '-')
    const n = seen.get(slug) ?? 0
    anchors.add(n === 0 ? slug : `${slug}-${n}`)
    seen.set(slug, n + 1)
  }
  return anchors
}

/** The links of a page that lead nowhere. */
function deadLinks(page: string, text: string): string[] {
  return linksOf(text).filter((link) => {
    const [file = '', anchor] = link.split('#')
    const target = file === '' ? page : posix.normalize(posix.join(dirname(page), decodeURIComponent(file)))
    const known = target === page || existsSync(join(ROOT, target))
    if (target.startsWith('..') || !known) return true
    if (anchor === undefined) return false
    return !target.endsWith('.md') || !anchorsOf(target === page ? text : read(target)).has(anchor)
  })
}

function linksOf(text: string): string[] {
  const links = [...text.replace(CODE, '').matchAll(LINK)].map(([, link]) => link!)
  return links.filter((link) => !ELSEWHERE.test(link))
}

test('should tell a dead link from one that leads somewhere', () => {
  const text = [
    '# A `code` & heading\n## Same\n## Same\n',
    '[1](#a-code--heading) [2](#same-1) [3](README.md) [4](docs) [5](https://example.org/x) `[6](no.md)`',
    '[7](#same-2) [8](no.md) [9](README.md#no-heading) [10](../README.md)',
  ].join('\n')
  assert.deepEqual(deadLinks('PAGE.md', text), ['#same-2', 'no.md', 'README.md#no-heading', '../README.md'])
})

test('should have no dead link in any page', (t) => {
  const all = pages()
  if (all === null) return t.skip('not a git repository')
  assert.ok(all.includes('README.md') && all.includes('docs/tutorial.md'))
  const dead = all.flatMap((page) => deadLinks(page, read(page)).map((link) => `${page}: ${link}`))
  assert.deepEqual(dead, [])
})

test('should lead from the index to every page of docs/', (t) => {
  const all = pages()
  if (all === null) return t.skip('not a git repository')
  const reached = new Set(['docs/README.md'])
  for (const page of reached) {
    for (const link of linksOf(read(page))) {
      const target = posix.join(dirname(page), link.split('#')[0]!)
      const isPage =
        target.endsWith('.md') && statSync(join(ROOT, target), { throwIfNoEntry: false })?.isFile()
      if (isPage && target.startsWith('docs/')) reached.add(target)
    }
  }
  assert.deepEqual(
    all.filter((page) => page.startsWith('docs/') && !reached.has(page)),
    [],
  )
})
