/** That the servers that other tests rely on are what they seem: asked by OpenSSH's own client. */
import assert from 'node:assert/strict'
import { spawn, spawnSync } from 'node:child_process'
import { existsSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { test } from 'node:test'
import { isAlive, until } from './processes.ts'
import { programPath } from './program.ts'
import { available, Site, type SshServer, startServer } from './server.ts'

const skip = !available('tests of ssh: real servers')

function ssh(server: SshServer, command: string, input = '') {
  const words = ['-F', server.site.config, '-p', String(server.port), server.address, command]
  return spawnSync('ssh', words, { encoding: 'utf8', input })
}

test('should be hosts with homes, environments and logs of their own', { skip }, async (t) => {
  const site = new Site(t)
  const first = await startServer(t, { site, name: 'first', banner: 'Welcome\n' })
  const second = await startServer(t, { site, address: '127.0.0.2', env: { GREETING: 'a b' } })
  assert.deepEqual(ssh(first, 'echo $HOME').stdout, `${first.home}\n`)
  assert.deepEqual(ssh(second, 'echo $HOME; echo "$GREETING"').stdout, `${second.home}\na b\n`)
  assert.match(ssh(first, 'true').stderr, /Welcome/)
  assert.equal(ssh(first, `ssh -p ${second.port} 127.0.0.2 'echo $HOME'`).stdout, `${second.home}\n`)
  assert.equal(spawnSync('ssh', ['-F', site.config, 'first', 'true']).status, 0)
  assert.equal(first.logins, 4)
  assert.equal(second.logins, 2)
})

test('should hand commands to the shell that is asked for', { skip }, async (t) => {
  for (const [shell, command, expected] of [
    ['csh', 'set a = "x y"; echo $a:q $HOME', 'x y HOME\n'],
    ['fish', "set a 'x y'; echo $a $HOME", 'x y HOME\n'],
    ['bash', 'a=(x y); echo $a $HOME', 'x HOME\n'],
  ] as const) {
    const path = programPath(shell)
    if (path === null) {
      console.log(`SKIPPING login shell ${shell}: it is not here`)
      continue
    }
    const server = await startServer(t, { shell: path, files: { '.cshrc': 'echo noise\n' } })
    const noise = shell === 'csh' ? 'noise\n' : ''
    assert.equal(ssh(server, command).stdout, noise + expected.replace('HOME', server.home))
  }
})

test('should break, freeze, stop and start, and leave no process behind', { skip }, async (t) => {
  const server = await startServer(t)
  const words = ['-F', server.site.config, '-p', String(server.port), server.address, 'exec cat']
  const client = spawn('ssh', words, { stdio: ['pipe', 'pipe', 'ignore'] })
  t.after(() => client.kill('SIGKILL'))
  client.stdin.on('error', () => {})
  await until('a session', () => server.processes().length > 0)
  server.freeze()
  client.stdin.write('thawed\n')
  server.thaw()
  const [line] = await new Promise<[Buffer]>((resolve) =>
    client.stdout.once('data', (data) => resolve([data])),
  )
  assert.equal(String(line), 'thawed\n')
  const ended = new Promise((resolve) => client.once('exit', resolve))
  server.breakSessions()
  assert.equal(await ended, 255)

  writeFileSync(join(server.home, 'orphan.sh'), 'sleep 600\n')
  const left = ssh(server, 'setsid sh $HOME/orphan.sh >/dev/null 2>&1 </dev/null & echo $!')
  assert.equal(left.status, 0, left.stderr)
  await until('an orphan', () => server.processes().length > 0) // between fork and exec, /proc shows no environment
  const orphans = server.processes()
  await server.stop()
  assert.deepEqual(orphans.filter(isAlive), [])
  assert.notEqual(ssh(server, 'true').status, 0)
  await server.start()
  assert.equal(ssh(server, 'true').status, 0)
  assert.ok(existsSync(server.home))
})
