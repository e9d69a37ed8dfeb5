/**
 * The example of rented machines, as far as it can be tried without an account: that cloud-init gets what it understands,
 * with a host key that is whole, and that what terraform says of hosts is what Reprise reads.
 */
import assert from 'node:assert/strict'
import { spawnSync } from 'node:child_process'
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { type TestContext, test } from 'node:test'
import { fileURLToPath } from 'node:url'
import { loadYaml } from '@kubernetes/client-node'
import { readHosts } from '../../lab/host-answer.ts'

const EXAMPLE = fileURLToPath(new URL('../../../examples/cloud/', import.meta.url))
const TERRAFORM = spawnSync('terraform', ['version']).status === 0
const CLOUD_INIT = spawnSync('cloud-init', ['--version']).status === 0
const KEYGEN = spawnSync('ssh-keygen', ['-?']).error === undefined
if (!TERRAFORM) console.log('SKIPPING the format of Terraform files: terraform is not here')
if (!CLOUD_INIT) console.log('SKIPPING the schema of cloud-init: cloud-init is not here')

function folder(t: TestContext): string {
  const path = mkdtempSync(join(tmpdir(), 'reprise-rented-'))
  t.after(() => rmSync(path, { recursive: true, force: true }))
  return path
}

function output(
  program: string,
  words: readonly string[],
  more: { cwd?: string; input?: string } = {},
): string {
  const { status, stdout, stderr } = spawnSync(program, words, { encoding: 'utf8', ...more })
  assert.equal(status, 0, stderr + stdout)
  return stdout
}

function newKey(at: string) {
  output('ssh-keygen', ['-q', '-t', 'ed25519', '-N', '', '-C', '', '-f', join(at, 'key')])
  return {
    secret: readFileSync(join(at, 'key'), 'utf8').trim(),
    shown: readFileSync(join(at, 'key.pub'), 'utf8').trim(),
  }
}

/** As main.tf fills it in, and terraform does it. */
function filled(at: string) {
  const key = newKey(at)
  const values: Readonly<Record<string, string>> = {
    authorized_key: 'ssh-ed25519 AAAAC3NzaC1lZDI1NTE5 ada@home',
    host_key_private: key.secret.replaceAll('\n', '\n    '),
    host_key_public: key.shown,
    minutes: '720',
  }
  const template = readFileSync(join(EXAMPLE, 'cloud-init.yaml'), 'utf8')
  const text = template.replace(/\$\{(\w+)\}/g, (_, name: string) => values[name] ?? assert.fail(name))
  const path = join(at, 'user-data')
  writeFileSync(path, text, { mode: 0o600 })
  return { key, path, text, values, template }
}

test('should make a user, Node and the host key that terraform knows', { skip: !KEYGEN }, (t) => {
  const at = folder(t)
  const { key, path, text, template } = filled(at)
  assert.match(text, /^#cloud-config\n/)
  const data = loadYaml<{
    users: { name: string; ssh_authorized_keys: string[] }[]
    ssh_keys: Record<string, string>
    packages: string[]
    runcmd: unknown[]
  }>(text)
  assert.deepEqual(data.users[0]!.ssh_authorized_keys, ['ssh-ed25519 AAAAC3NzaC1lZDI1NTE5 ada@home'])
  assert.deepEqual(data.packages, ['nodejs'])
  assert.deepEqual(data.runcmd, [['shutdown', '-P', '+720']])
  assert.equal(data.ssh_keys.ed25519_public, key.shown)
  writeFileSync(join(at, 'given'), data.ssh_keys.ed25519_private!, { mode: 0o600 })
  assert.equal(output('ssh-keygen', ['-y', '-f', join(at, 'given')]).trim(), key.shown)

  const main = readFileSync(join(EXAMPLE, 'main.tf'), 'utf8')
  const given = [...main.matchAll(/^ {4}(\w+) += .*$/gm)].map(([, name]) => name)
  for (const [, name] of template.matchAll(/\$\{(\w+)\}/g)) assert.ok(given.includes(name), name)
  const user = data.users[0]!.name
  assert.ok(main.includes(`user    = "${user}"`))
  const said = JSON.stringify([{ host: '203.0.113.7', hostKey: key.shown, user }])
  const profile = { kind: 'ssh', hosts: { command: ['terraform'] } } as const
  assert.deepEqual(readHosts(said, { profile, owner: 'user', subject: 'x' }), JSON.parse(said))
  if (CLOUD_INIT) output('cloud-init', ['schema', '--config-file', path])
})

test('should be written and filled in as terraform does it', { skip: !TERRAFORM || !KEYGEN }, (t) => {
  const at = folder(t)
  output('terraform', ['fmt', '-check', '-diff', EXAMPLE])
  const { text, values } = filled(at)
  const words = JSON.stringify(values).replaceAll('${', '$${')
  const input = `base64encode(templatefile(${JSON.stringify(join(EXAMPLE, 'cloud-init.yaml'))}, ${words}))\n`
  const [line] = /"[\w+/=]+"/.exec(output('terraform', ['console'], { cwd: at, input })) ?? []
  assert.equal(Buffer.from(JSON.parse(line ?? '""'), 'base64').toString('utf8'), text)
})
