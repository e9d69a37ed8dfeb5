/** Shells as tests use them: a script in, all that it says out. */
import type { TestContext } from 'node:test'
import type { RepriseError } from '../../../lib/errors.ts'
import type { Channel } from '../../../runners/channel.ts'
import type { SshProfile } from '../../../runners/ssh/profile.ts'
import { openShells, type Shells, type ShellsOptions } from '../../../runners/ssh/shells.ts'

export function shellsOf(t: TestContext, profile: SshProfile, options: ShellsOptions = {}): Shells {
  const shells = openShells(profile, { name: 'lab', ...options })
  t.after(() => shells.close())
  return shells
}

export async function said(channel: Channel, script: string) {
  const texts = { out: '', err: '' }
  channel.stdout.on('data', (data) => {
    texts.out += data
  })
  channel.stderr.on('data', (data) => {
    texts.err += data
  })
  channel.stdin.end(script)
  return { ...(await channel.ended), ...texts }
}

/** What a fresh connection's shell on the profile's nth host says to a script. */
export async function scriptOn(
  t: TestContext,
  profile: SshProfile,
  script = 'echo $HOME\n',
  options: ShellsOptions = {},
  nth = 0,
) {
  return said(await shellsOf(t, profile, options).shell(profile.hosts[nth]!), script)
}

/** Why a host cannot be had. */
export async function refusal(
  t: TestContext,
  profile: SshProfile,
  options: ShellsOptions = {},
  nth = 0,
): Promise<RepriseError> {
  try {
    await shellsOf(t, profile, options).shell(profile.hosts[nth]!)
  } catch (error) {
    return error as RepriseError
  }
  throw new Error('it was not refused')
}
