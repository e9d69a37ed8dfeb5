/**
 * A repository that enforces InvenioRDM's REST API for drafts, files and publishing, as its public reference describes them:
 * bearer tokens, the states of a draft and of a file, checksums, and errors in its form. It loses answers, is busy, spoils bytes and
 * redirects where a test says so.
 */
import { createHash } from 'node:crypto'
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'

interface StoredFile {
  bytes: Buffer | null
  completed: boolean
}

export interface StoredRecord {
  readonly id: string
  body: { metadata: Record<string, unknown> } & Record<string, unknown>
  readonly files: Map<string, StoredFile>
  published: boolean
}

/** What goes wrong with the next requests that fit: `POST /api/records` is matched as it stands. */
export interface Fault {
  readonly on: RegExp
  /** Done, and the answer is lost; not even heard; answered with a status; spoiled on the way in. */
  readonly what: 'lose-answer' | 'lose-request' | 'status' | 'spoil'
  readonly status?: number
  readonly headers?: Readonly<Record<string, string>>
  times: number
}

export interface Seen {
  readonly line: string
  readonly authorization: string | undefined
  readonly body: string
}

export interface StandIn {
  readonly url: string
  readonly token: string
  readonly records: Map<string, StoredRecord>
  readonly faults: Fault[]
  readonly seen: Seen[]
}

interface Reply {
  readonly status: number
  readonly body?: unknown
}

const invalid = (message: string, errors: readonly object[] = []): Reply => ({
  status: 400,
  body: { status: 400, message, errors },
})
const absent: Reply = {
  status: 404,
  body: { status: 404, message: 'The persistent identifier does not exist.' },
}

/** Starts one; it ends with the test. */
export async function startRepository(
  t: { after(end: () => void): unknown },
  token = 'secret-token-0123456789',
): Promise<StandIn> {
  const records = new Map<string, StoredRecord>()
  const faults: Fault[] = []
  const seen: Seen[] = []
  const server = createServer((request, response) => {
    hear(request, response).catch(() => response.destroy())
  })
  async function hear(request: IncomingMessage, response: ServerResponse) {
    const path = new URL(request.url!, 'http://x').pathname
    const line = `${request.method} ${path}`
    const fault = faults.find(({ on, times }) => times > 0 && on.test(line))
    if (fault !== undefined) fault.times--
    const parts: Buffer[] = []
    for await (const part of request) parts.push(part as Buffer)
    let bytes = Buffer.concat(parts)
    const { authorization } = request.headers
    seen.push({ line, authorization, body: bytes.length < 10_000 ? bytes.toString('utf8') : '' })
    if (fault?.what === 'lose-request') return request.socket.destroy()
    if (fault?.what === 'status') {
      response.writeHead(fault.status!, { 'content-type': 'application/json', ...fault.headers })
      return response.end(JSON.stringify({ message: `no, ${authorization}` }))
    }
    if (fault?.what === 'spoil') bytes = Buffer.concat([bytes.subarray(1), Buffer.from('!')])
    const reply =
      authorization === `Bearer ${token}`
        ? answer(request, path, bytes)
        : { status: 401, body: { status: 401, message: 'Unauthorized.' } }
    if (fault?.what === 'lose-answer') return request.socket.destroy()
    response.writeHead(reply.status, { 'content-type': 'application/json' })
    response.end(reply.body === undefined ? '' : JSON.stringify(reply.body))
  }

  function answer(request: IncomingMessage, path: string, bytes: Buffer): Reply {
    const { method } = request
    if (path === '/api/user/records' && method === 'GET')
      return { status: 200, body: { hits: { hits: [...records.values()].reverse().map(recordBody) } } }
    if (path === '/api/records' && method === 'POST') {
      const body = jsonOf(request, bytes)
      if (body === null) return invalid('no JSON')
      const id = `${records.size + 1}`.padStart(5, 'a')
      const record = { id, body: body as StoredRecord['body'], files: new Map(), published: false }
      records.set(id, record)
      return { status: 201, body: { ...recordBody(record), errors: problemsOf(record) } }
    }
    const [, id, rest = ''] = /^\/api\/records\/([^/]+)(\/.*)?$/.exec(path) ?? []
    const record = records.get(id ?? '')
    if (record === undefined) return absent
    if (rest === '' && method === 'GET')
      return record.published ? { status: 200, body: recordBody(record) } : absent
    if (!rest.startsWith('/draft') || record.published) return absent
    if (rest === '/draft' && method === 'GET') return { status: 200, body: recordBody(record) }
    if (rest === '/draft' && method === 'PUT') {
      const body = jsonOf(request, bytes)
      if (body === null) return invalid('no JSON')
      record.body = body as StoredRecord['body']
      return { status: 200, body: recordBody(record) }
    }
    if (rest === '/draft/actions/publish' && method === 'POST') return publish(record)
    return ofFiles(record, request, rest.slice('/draft'.length), bytes)
  }

  const { port } = await new Promise<AddressInfo>((resolve) =>
    server.listen(0, '127.0.0.1', () => resolve(server.address() as AddressInfo)),
  )
  t.after(() => {
    server.closeAllConnections()
    server.close()
  })
  return { url: `http://127.0.0.1:${port}`, token, records, faults, seen }
}

function ofFiles(record: StoredRecord, request: IncomingMessage, path: string, bytes: Buffer): Reply {
  const { method } = request
  if (path === '/files' && method === 'GET') return { status: 200, body: listOf(record) }
  if (path === '/files' && method === 'POST') {
    const keys = jsonOf(request, bytes)
    if (!Array.isArray(keys) || !keys.every(({ key }) => typeof key === 'string' && key !== ''))
      return invalid('A validation error occurred.')
    const twice = keys.find(({ key }) => record.files.has(key))
    if (twice !== undefined) return invalid(`File with key ${twice.key} already exists.`)
    for (const { key } of keys) record.files.set(key, { bytes: null, completed: false })
    return { status: 201, body: listOf(record) }
  }
  const [, name, rest = ''] = /^\/files\/([^/]+)(\/content|\/commit)?$/.exec(path) ?? []
  const key = decodeURIComponent(name ?? '')
  const file = record.files.get(key)
  if (file === undefined) return absent
  if (rest === '' && method === 'GET') return { status: 200, body: entryOf(key, file) }
  if (rest === '' && method === 'DELETE') {
    record.files.delete(key)
    return { status: 204 }
  }
  if (rest === '/content' && method === 'PUT') {
    if (request.headers['content-type'] !== 'application/octet-stream') return { status: 415 }
    if (request.headers['content-length'] === undefined) return { status: 411 }
    if (file.completed) return { status: 403, body: { message: 'Permission denied.' } }
    file.bytes = bytes
    return { status: 200, body: entryOf(key, file) }
  }
  if (rest === '/commit' && method === 'POST') {
    if (file.completed || file.bytes === null) return invalid('The file has no content, or was committed.')
    file.completed = true
    return { status: 200, body: entryOf(key, file) }
  }
  return { status: 405 }
}

function publish(record: StoredRecord): Reply {
  const problems = problemsOf(record)
  const files = [...record.files.values()]
  if (files.length === 0) problems.push({ field: 'files.enabled', messages: ['Missing uploaded files.'] })
  if (files.some(({ completed }) => !completed))
    problems.push({
      field: 'files',
      messages: ['One or more files have not completed their transfer, please wait.'],
    })
  if (problems.length > 0) return invalid('A validation error occurred.', problems)
  record.published = true
  return { status: 202, body: recordBody(record) }
}

/** Vocabularies of which a few words are enough here. */
const LICENSES = ['cc-by-4.0', 'cc0-1.0', 'mit', 'apache-2.0']

function problemsOf({ body }: StoredRecord): { field: string; messages: string[] }[] {
  const {
    title,
    creators,
    publication_date,
    resource_type,
    rights = [],
  } = body.metadata as Record<string, never>
  const missing = (field: string, there: unknown) =>
    there ? [] : [{ field: `metadata.${field}`, messages: ['Missing data for required field.'] }]
  const people = Array.isArray(creators) ? (creators as { person_or_org: Record<string, unknown> }[]) : []
  return [
    ...missing('title', title),
    ...missing('creators', people.length > 0),
    ...missing('publication_date', publication_date),
    ...missing(
      'resource_type',
      ['dataset', 'software', 'other'].includes(
        (resource_type as unknown as { id: string } | undefined)?.id ?? '',
      ),
    ),
    ...people.flatMap(({ person_or_org: { type, family_name, name } }, i) =>
      missing(`creators.${i}`, type === 'personal' ? family_name : type === 'organizational' && name),
    ),
    ...(rights as { id: string }[]).flatMap(({ id }, i) =>
      LICENSES.includes(id) ? [] : [{ field: `metadata.rights.${i}`, messages: [`Invalid value ${id}.`] }],
    ),
  ]
}

function recordBody({ id, body, published }: StoredRecord): object {
  const pids = published ? { doi: { identifier: `10.5072/stand-in.${id}`, provider: 'datacite' } } : {}
  return { ...body, id, is_published: published, pids }
}

function listOf({ files }: StoredRecord): object {
  return { enabled: true, entries: [...files].map(([key, file]) => entryOf(key, file)) }
}

function entryOf(key: string, { bytes, completed }: StoredFile): object {
  if (!completed) return { key, status: 'pending', metadata: null }
  const checksum = `md5:${createHash('md5').update(bytes!).digest('hex')}`
  return { key, status: 'completed', checksum, size: bytes!.length, metadata: null }
}

function jsonOf(request: IncomingMessage, bytes: Buffer): object | null {
  if (request.headers['content-type'] !== 'application/json') return null
  try {
    return JSON.parse(bytes.toString('utf8'))
  } catch {
    return null
  }
}
