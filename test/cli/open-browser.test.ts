/** What is told to the program that opens a browser: everybody on the machine can read that, so no secret is in it. */
import assert from 'node:assert/strict'
import { chmodSync, existsSync, readFileSync, statSync, writeFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { type TestContext, test } from 'node:test'
import { setTimeout as sleep } from 'node:timers/promises'
import { fileURLToPath } from 'node:url'
import { openBrowser } from '../../cli/open-browser.ts'
import { serveLab } from '../../web/serve/server.ts'
import { temporaryFolder, temporaryLab } from '../lab/run.ts'
import { BROWSER_NAMES, lacking, startBrowser } from '../web/browser.ts'

const ADDRESS = 'http://127.0.0.1:8123/mount/enter?ticket=a&b="<'

/** A folder with an `xdg-open` that keeps what it is told; `told` waits for that. */
function standIn(t: TestContext): { folder: string; told: () => Promise<string> } {
  const folder = temporaryFolder(t)
  const { PATH, XDG_RUNTIME_DIR } = process.env
  t.after(() => Object.assign(process.env, { PATH, XDG_RUNTIME_DIR: XDG_RUNTIME_DIR ?? '' }))
  const [program, kept] = [join(folder, 'xdg-open'), join(folder, 'told')]
  writeFileSync(program, `#!/bin/sh\nprintf %s "$*" > '${kept}.part' && mv '${kept}.part' '${kept}'\n`)
  chmodSync(program, 0o755)
  process.env.PATH = `${folder}:${PATH}`
  process.env.XDG_RUNTIME_DIR = join(folder, 'run time')
  const told = async () => {
    while (!existsSync(kept)) await sleep(20)
    return readFileSync(kept, 'utf8')
  }
  return { folder, told }
}

const skip = process.platform === 'linux' ? false : 'xdg-open is what opens a browser on Linux'

test('should start it with a file that is for the user alone, and goes when it was used', {
  skip,
}, async (t) => {
  const { folder, told } = standIn(t)
  const opening = await openBrowser(ADDRESS)
  assert.equal(opening.problem, null)
  const words = await told()
  assert.doesNotMatch(words, /ticket/)
  const file = fileURLToPath(words)
  assert.equal(statSync(file).mode & 0o777, 0o600)
  assert.equal(statSync(dirname(file)).mode & 0o777, 0o700)
  assert.match(readFileSync(file, 'utf8'), /content="0;url=http:[^"<]*ticket=a&amp;b=&quot;&lt;"/)
  opening.over()
  assert.ok(!existsSync(dirname(file)))
  process.env.PATH = join(folder, 'nothing')
  assert.match((await openBrowser(ADDRESS)).problem!, /ENOENT/)
})

for (const name of BROWSER_NAMES)
  test(`should lead ${name} from the file into the lab`, { skip: lacking(name) }, async (t) => {
    const server = await serveLab(temporaryLab(t), { port: 0, allowControl: false })
    t.after(() => server.close())
    const { told } = standIn(t)
    const opening = await openBrowser(server.address())
    t.after(() => opening.over())
    const browser = await startBrowser(name)
    t.after(() => browser.close())
    const page = await browser.newPage()
    await page.goto(await told(), { waitUntil: 'load' }).catch(() => {}) // it goes on at once
    const words = async () => (await page.evaluate('document.body.innerText').catch(() => '')) as string
    for (let tries = 0; !/No run yet/.test(await words()) && tries < 600; tries++) await sleep(50)
    assert.match(await words(), /No run yet/)
    assert.match(
      (await page.evaluate('location.href')) as string,
      /^http:\/\/127\.0\.0\.1:\d+\/[\w-]{22}\/$/,
      'the secret has left the address bar',
    )
  })
