/**
 * What is around a container, for tests: small servers that give credentials as platforms do, and whatever else a test has
 * answered.
 */
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'

export interface Asked {
  readonly method: string
  readonly path: string
  readonly headers: IncomingMessage['headers']
  readonly body: string
}

export interface Answer {
  readonly status?: number
  readonly body?: string | Buffer
}

/** `answer` gives null where the connection is to break. Ends with the test. */
export async function serve(
  t: { after(end: () => unknown): void },
  answer: (asked: Asked) => Answer | null,
): Promise<{ url: string; asked: Asked[] }> {
  const all: Asked[] = []
  const server = createServer(async (request: IncomingMessage, response: ServerResponse) => {
    let body = ''
    for await (const piece of request.setEncoding('utf8')) body += piece
    const asked = { method: request.method!, path: request.url!, headers: request.headers, body }
    all.push(asked)
    const told = answer(asked)
    if (told === null) return void request.socket.destroy()
    response.writeHead(told.status ?? 200).end(told.body ?? '')
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  t.after(() => {
    server.closeAllConnections()
    server.close()
  })
  return { url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`, asked: all }
}

export const GIVEN = { AccessKeyId: 'AKIAGIVEN', SecretAccessKey: 'very secret', Token: 'a session' }

const ROLES = '/latest/meta-data/iam/security-credentials/'

/** Every place of credentials, as its platform has it: they are given to who asks in the right way, and to nobody else. */
export function platform({ method, path, headers, body }: Asked): Answer {
  const given = { body: JSON.stringify(GIVEN) }
  const has = (name: string, value: string) => headers[name] === value
  switch (path) {
    case '/v2/credentials/abc':
      return given
    case '/with-token':
      return has('authorization', 'the token') ? given : { status: 401 }
    case '/latest/api/token': {
      const lasts = headers['x-aws-ec2-metadata-token-ttl-seconds'] !== undefined
      return method === 'PUT' && lasts ? { body: 'machine-token' } : { status: 400 }
    }
    case ROLES:
      return has('x-aws-ec2-metadata-token', 'machine-token') ? { body: 'the-role' } : { status: 401 }
    case `${ROLES}the-role`:
      return has('x-aws-ec2-metadata-token', 'machine-token') ? given : { status: 401 }
    case '/':
      return role(new URLSearchParams(body))
    default:
      return { status: 404 }
  }
}

/** As STS answers. */
function role(asked: URLSearchParams): Answer {
  const right =
    asked.get('Action') === 'AssumeRoleWithWebIdentity' &&
    asked.get('Version') === '2011-06-15' &&
    asked.get('RoleArn') === 'arn:aws:iam::1:role/tasks' &&
    asked.get('WebIdentityToken') === 'a.web.token'
  const within = (tags: readonly string[], text: string) =>
    tags.reduceRight((inner, tag) => `<${tag}>${inner}</${tag}>`, text)
  const { AccessKeyId, SecretAccessKey, Token } = GIVEN
  const fields = { SessionToken: Token, SecretAccessKey, Expiration: '2030-01-01T00:00:00Z', AccessKeyId }
  const text = Object.entries(fields).map(([name, value]) => within([name], value))
  const answer = ['AssumeRoleWithWebIdentityResponse', 'AssumeRoleWithWebIdentityResult', 'Credentials']
  if (right) return { body: within(answer, text.join('')) }
  const said = `${within(['Code'], 'InvalidIdentityToken')}${within(['Message'], 'The token is of nobody')}`
  return { status: 400, body: within(['ErrorResponse', 'Error'], said) }
}
