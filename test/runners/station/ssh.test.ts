/** Stations behind real OpenSSH servers: any login shell, engines that end with the connection, whole files fast. */
import assert from 'node:assert/strict'
import { randomBytes } from 'node:crypto'
import { existsSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { test } from 'node:test'
import { openStation } from '../../../runners/station/open.ts'
import { digestOf } from '../../conformance/workshop.ts'
import { programPath } from '../../sshd/program.ts'
import { available, Site, startServer } from '../../sshd/server.ts'
import { shellsOf } from '../ssh/shells.ts'
import { filesIn, folderFor, keepText, outputOf, until } from './shell.ts'

const skip = !available('tests of stations behind sshd')

const NOISE = {
  '.bashrc': 'echo noise; echo noise >&2\n',
  '.cshrc': 'echo noise\n',
  '.config/fish/config.fish': 'echo noise\n',
}

for (const name of ['csh', 'fish', 'bash']) {
  test(`should open through sshd and a noisy ${name}, and leave nothing when the session breaks`, {
    skip,
  }, async (t) => {
    const path = programPath(name)
    if (path === null) {
      console.log(`SKIPPING login shell ${name}: it is not here`)
      return t.skip()
    }
    const server = await startServer(t, { site: new Site(t), shell: path, files: NOISE })
    const shells = shellsOf(t, server.profile())
    const directory = `~/$(touch PWN) it's\n-rf`
    const station = await openStation(await shells.shell(server.host()), { directory })
    assert.equal(station.facts.directory, join(server.home, directory.slice(2)))
    const folder = folderFor(t)
    const bytes = randomBytes(6 << 20)
    writeFileSync(join(folder, 'input'), bytes)
    const input = digestOf(bytes)
    await station.keep([{ kind: 'input', sha256: input, path: join(folder, 'input') }])
    assert.ok(readFileSync(join(station.facts.directory, 'inputs', input)).equals(bytes))
    const cat = await keepText(
      station,
      `import fs from 'node:fs'
fs.createReadStream(process.env.FILE).pipe(process.stdout)`,
      folder,
    )
    const file = join(station.facts.directory, 'inputs', input)
    const { how, out } = await outputOf(station.launch(cat, [input], { FILE: file }))
    assert.equal(how, 'exit code 0')
    assert.ok(out.equals(bytes))
    const idle = station.launch(
      await keepText(
        station,
        `console.log('up'); const parent = process.ppid; setInterval(() => process.ppid === parent || process.exit(), 200)`,
        folder,
      ),
      [],
    )
    idle.stderr.resume()
    await new Promise((resolve) => idle.stdout.once('data', resolve))
    server.breakSessions()
    assert.equal((await idle.ended).unreachable, true)
    assert.match(await station.lost, /./)
    await until('the end of all that ran there', () => server.processes().length === 0)
    assert.ok(
      !existsSync(join(server.home, 'PWN')) && !filesIn(server.home).some((each) => each.endsWith('/PWN')),
    )
    assert.ok(!filesIn(station.facts.directory).some((each) => each.startsWith('scratch')))
    await station.close()
  })
}
