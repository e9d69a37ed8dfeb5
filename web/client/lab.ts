/**
 * A page of the lab that keeps itself up to date: what the server sends is put where it belongs. While nobody sees the page
 * it hears nothing, for a browser keeps few connections open to one server.
 */

import { showFigure } from './means-figure.ts'
import { morph } from './morph.ts'

const said = document.getElementById('said')
const live = document.getElementById('live')
const figure = document.getElementById('figure')
const address = document.body.dataset.events ?? ''
let source: EventSource | null = null
let isOver = false

function listen(): void {
  if (address === '' || source !== null || isOver || document.hidden) return
  source = new EventSource(address)
  source.addEventListener('open', () => tell('live', false))
  source.addEventListener('error', () => tell('not connected; trying again …', true))
  hear('section', take)
  hear('said', (told) => {
    if (said !== null) said.textContent = (told as { said: string }).said
  })
  hear('figure', (told) => {
    if (figure !== null) showFigure(figure, (told as { model: string }).model)
  })
  hear('over', () => {
    isOver = true
    leave()
    tell('the server has ended; this is how it was', true)
  })
}

function hear(event: string, action: (data: unknown) => void): void {
  source?.addEventListener(event, (message) => action(JSON.parse((message as MessageEvent<string>).data)))
}

function take(told: unknown): void {
  const { id, html } = told as { id: string; html: string }
  const target = document.getElementById(id)
  if (target === null) return
  const ends = [...target.querySelectorAll('[data-end]')].map(isAtEnd)
  morph(target, html)
  for (const [i, element] of [...target.querySelectorAll('[data-end]')].entries())
    if (ends[i] ?? true) element.scrollTop = element.scrollHeight
}

/** Whoever reads further up is not moved. */
function isAtEnd(element: Element): boolean {
  return element.scrollHeight - element.scrollTop - element.clientHeight < 40
}

function leave(): void {
  source?.close()
  source = null
}

function tell(words: string, isLost: boolean): void {
  if (live === null || live.textContent === words) return
  live.textContent = words
  live.className = isLost ? 'lost' : 'quiet'
}

document.addEventListener('visibilitychange', () => (document.hidden ? leave() : listen()))
for (const element of document.querySelectorAll('[data-end]')) element.scrollTop = element.scrollHeight
listen()
