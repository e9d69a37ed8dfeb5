/**
 * All routes there are, in one table. None is answered before the gate has let the visitor in (server.ts), and those that change
 * something are in no table but that of a server which was started with `--allow-control`.
 */
import type { IncomingMessage, ServerResponse } from 'node:http'
import { isRunId, type Lab } from '../../lab/lab.ts'
import { RepriseError } from '../../lib/errors.ts'
import { html } from '../html.ts'
import { scriptText, styleText } from './assets.ts'
import { formOf } from './body.ts'
import { carryOut, DEED_WORDS, DEEDS, type Deed } from './control.ts'
import { framed } from './frame.ts'
import { boxedPolicy } from './headers.ts'
import type { Looker } from './looker.ts'
import { ENTER, type Secrets } from './secrets.ts'
import { Stream } from './streams.ts'
import { sectionsOf, type View } from './view.ts'
import type { Topic, Watcher } from './watcher.ts'

export interface Serving {
  readonly lab: Lab
  readonly controls: boolean
  readonly secrets: Secrets
  readonly quick: Looker
  readonly slow: Looker
  readonly watcher: Watcher
}

export interface Text {
  readonly status: number
  readonly type: string
  readonly body: string
  readonly headers?: Readonly<Record<string, string>>
}

export type Answer =
  | Text
  | { readonly goTo: string; readonly headers?: Readonly<Record<string, string>> }
  | { readonly stream: (response: ServerResponse) => void }

export interface Route {
  readonly method: 'GET' | 'POST'
  /** Below the mount. */
  readonly path: string
  answer(serving: Serving, query: URLSearchParams, request: IncomingMessage): Promise<Answer>
}

const HTML = 'text/html; charset=utf-8'
const MOST_ABOUT = 200

export const ROUTES: readonly Route[] = [
  { method: 'GET', path: ENTER, answer: enter },
  {
    method: 'GET',
    path: '',
    answer: async (serving) => page(serving, await serving.quick.look('runs'), '', 'events'),
  },
  { method: 'GET', path: 'run', answer: runPage },
  {
    method: 'GET',
    path: 'compare',
    answer: async (serving, query) =>
      page(
        serving,
        await serving.slow.look('compare', query.get('a') ?? '', query.get('b') ?? ''),
        'compare',
        null,
      ),
  },
  {
    method: 'GET',
    path: 'ledger',
    answer: async (serving, query) =>
      page(
        serving,
        await serving.slow.look('ledger', (query.get('about') ?? '').slice(0, MOST_ABOUT)),
        'ledger',
        null,
      ),
  },
  { method: 'GET', path: 'report', answer: reportPage },
  { method: 'GET', path: 'events', answer: events },
  {
    method: 'GET',
    path: 'script',
    answer: async () => ({ status: 200, type: 'text/javascript; charset=utf-8', body: scriptText() }),
  },
  {
    method: 'GET',
    path: 'style',
    answer: async () => ({ status: 200, type: 'text/css; charset=utf-8', body: styleText() }),
  },
]

/** There only with `--allow-control`. */
export const CONTROL_ROUTES: readonly Route[] = [
  { method: 'GET', path: 'confirm', answer: confirmPage },
  ...DEEDS.map(
    (deed): Route => ({
      method: 'POST',
      path: deed,
      answer: (serving, _, request) => done(serving, deed, request),
    }),
  ),
]

export function page(
  { lab, controls }: Serving,
  view: Pick<View, 'title' | 'sections' | 'said'>,
  here: string,
  events: string | null,
  status = 200,
): Text {
  return { status, type: HTML, body: framed(view, { lab: lab.path, controls, events, here }) }
}

/** A page that says in a sentence what kept another from being shown. */
export function sorry(serving: Serving, words: string, status: number): Answer {
  const view = {
    title: 'Sorry',
    said: '',
    sections: sectionsOf({ problem: html`<p class="problem">${words}</p>` }),
  }
  return page(serving, view, 'sorry', null, status)
}

/** Browsers keep the cookie from whoever was sent on by another site, such as the file of `serve --open`: a page of ours sends on by itself. */
async function enter({ secrets }: Serving, _: URLSearchParams, request: IncomingMessage): Promise<Answer> {
  const headers = { 'Set-Cookie': secrets.cookie() }
  const site = request.headers['sec-fetch-site']
  if (site === undefined || site === 'none' || site === 'same-origin') return { goTo: './', headers }
  const onward = html`<html lang="en"><head><title>Reprise</title><meta http-equiv="refresh" content="0;url=./"></head><body><p><a href="./">Open the lab</a></p></body></html>`
  return { status: 200, type: HTML, body: `<!doctype html>\n${onward.text}\n`, headers }
}

async function runPage(serving: Serving, query: URLSearchParams): Promise<Answer> {
  const id = runId(query.get('id'))
  const view = await serving.quick.look('run', id)
  const { head = '', progress = '', ...others } = view.sections
  const waiting = sectionsOf({
    results: html`<h2>Results</h2><figure id="figure" hidden></figure><div id="means"><p class="quiet">being read …</p></div>`,
  })
  const sections = { head, progress, ...waiting, ...others }
  return page(serving, { ...view, sections }, 'run', `events?id=${id}`)
}

/** A report holds code that came with a run: it has its own policy, and is shut off from this server in a box of its own. */
async function reportPage({ slow }: Serving, query: URLSearchParams): Promise<Answer> {
  const { page } = await slow.look('report', runId(query.get('id')))
  return { status: 200, type: HTML, body: page, headers: { 'Content-Security-Policy': boxedPolicy(page) } }
}

async function events({ watcher }: Serving, query: URLSearchParams): Promise<Answer> {
  const id = query.get('id')
  const topic: Topic = id === null ? { look: 'runs' } : { look: 'run', id: runId(id) }
  if (watcher.isFull) throw new RepriseError('busy', 'too many pages are open', { remedy: 'Close some' })
  return { stream: (response) => watcher.add(topic, (onClose) => new Stream(response, onClose)) }
}

async function confirmPage(serving: Serving, query: URLSearchParams): Promise<Answer> {
  const [deed, id] = [deedOf(query.get('do')), runId(query.get('id'))]
  const word = `${deed[0]!.toUpperCase()}${deed.slice(1)}`
  const ask = html`<p>${word} run <a class="mono" href="run?id=${id}">${id}</a>? ${DEED_WORDS[deed]}</p>
<form class="actions" action="${deed}" method="post"><input type="hidden" name="id" value="${id}"><button>${word} the run</button> <a href="run?id=${id}">No, leave it</a></form>`
  const asked = page(serving, { title: `${word}?`, said: '', sections: sectionsOf({ ask }) }, 'confirm', null)
  // Where nothing is to be referred to, browsers say of a form that it comes from nowhere.
  return { ...asked, headers: { 'Referrer-Policy': 'same-origin' } }
}

async function done(serving: Serving, deed: Deed, request: IncomingMessage): Promise<Answer> {
  const form = await formOf(request)
  if (form === null) return sorry(serving, 'This is not the form that was asked for.', 400)
  const id = runId(form.get('id'))
  await carryOut(serving.lab, deed, id)
  serving.watcher.hurry()
  return { goTo: `run?id=${id}` }
}

function deedOf(text: string | null): Deed {
  const found = DEEDS.find((deed) => deed === text)
  if (found === undefined) throw new RepriseError('usage', 'there is no such thing to do')
  return found
}

function runId(text: string | null): string {
  if (text !== null && isRunId(text)) return text
  throw new RepriseError('usage', 'this is not the id of a run', {
    remedy: 'Choose one on the page of all runs',
  })
}
