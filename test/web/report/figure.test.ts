/** Figures: which kind a design gets, what they show and say, and that the same numbers give the same bytes. */
import assert from 'node:assert/strict'
import { test } from 'node:test'
import { parseHTML } from 'linkedom'
import type { Json } from '../../../lib/values.ts'
import type { DrawingDocument } from '../../../web/report/drawing.ts'
import { svgFile } from '../../../web/report/drawing.ts'
import { drawFigure, figureTitle } from '../../../web/report/figure.ts'
import type { Model } from '../../../web/report/model.ts'
import { firstView, settled, shownPoints, type View } from '../../../web/report/view.ts'
import { madeModel } from './made.ts'

const document = parseHTML('<!doctype html><html></html>').document as unknown as DrawingDocument
const factor = (name: string, ...values: Json[]) => ({ name, values })
const [A, B, C] = [factor('a', 1, 2, 3, 4), factor('b', 10, 20, 30), factor('c', 'x', 'y')]
const sum = (point: Readonly<Record<string, Json>>, repetition: number) => ({
  y: Number(point.a ?? 0) + Number(point.b ?? 0) + repetition,
})

function drawn(model: Model, view: View = firstView(model)) {
  const text = svgFile(drawFigure(document, model, view, 640)!)
  const { document: read } = parseHTML(text)
  return { text, all: (selector: string) => [...read.querySelectorAll(selector)] }
}

test('should draw two swept numbers as a heat map, a cell for each point that says its number', () => {
  const model = madeModel({ product: [A, B] }, sum, { labels: { y: 'outcome (m)' } })
  const { all, text } = drawn(model)
  assert.equal(firstView(model).drawn, 'heat')
  assert.equal(all('rect[data-point]').length, 12)
  assert.deepEqual(
    all('rect[data-point="0"] > title').map((title) => title.textContent),
    ['a = 1, b = 10: 12 [9.5159, 14.484], n = 3'],
  )
  assert.ok(text.includes('outcome (m)'))
})

test('should draw one swept number as a line with bars, and a series for each value of a second factor', () => {
  const { all } = drawn(madeModel({ product: [A, C] }, sum))
  assert.equal(all('path[data-point], circle[data-point]').length, 8)
  assert.equal(all('[data-part="rule"] > line').length, 8)
  const alone = drawn(madeModel({ product: [A] }, sum))
  assert.equal(alone.all('[data-part="rule"] > line').length, 4)
})

test('should give a panel to each value of a third factor, and hold a fourth at one', () => {
  const model = madeModel({ product: [A, B, C, factor('d', 5, 6)] }, sum)
  const view = firstView(model)
  assert.deepEqual([view.across, view.by, view.panels, view.held], [0, 1, 2, { 3: 0 }])
  assert.equal(shownPoints(model, view).length, 24)
  assert.match(figureTitle(model, view), /^Mean of y by a and b, a panel for each c, at d = 5$/)
  assert.ok(drawn(model, view).text.includes('c = x'))
  const other = settled(model, { ...view, across: 3, by: 2 })
  assert.deepEqual([other.panels, other.held], [0, { 1: 0 }])
})

test('should draw points of no product along the factor that orders them, or one by one', () => {
  const zipped = madeModel({ zip: [A, factor('b', 4, 3, 2, 1)] }, sum)
  assert.equal(firstView(zipped).across, 0)
  const listed = madeModel(
    {
      points: [
        { a: 1, c: 'x' },
        { a: 1, c: 'y' },
        { a: 2, c: 'y' },
      ],
    },
    sum,
  )
  assert.equal(firstView(listed).across, null)
  assert.equal(drawn(listed).all('[data-point]').length, 3)
})

test('should call shares so, with Wilson’s interval', () => {
  const model = madeModel({ product: [A] }, ({ a }) => ({ hit: Number(a) > 2 }))
  assert.match(figureTitle(model, firstView(model)), /^Share of hit by a; bars: 95 % interval \(Wilson’s\)$/)
  assert.ok(drawn(model).text.includes('a = 4: 1 [0.43850, 1], n = 3'))
})

test('should have no style, no reference, and the same bytes again', () => {
  const model = madeModel({ product: [A, B] }, sum)
  const { text } = drawn(model)
  assert.doesNotMatch(text, /<style|style=|href|url\(|http(?!:\/\/www\.w3\.org\/2000\/svg)/)
  assert.equal(drawn(model).text, text)
})

test('should draw what is not finite as nothing, and one value everywhere', () => {
  const odd = [Number.NaN, Number.POSITIVE_INFINITY, 7, 7]
  const model = madeModel({ product: [A] }, ({ a }) => ({
    y: { $number: 'NaN' },
    z: odd[Number(a) - 1] === 7 ? 7 : null,
  }))
  assert.ok(drawn(model).text.length > 0)
  assert.ok(drawn(model, firstView(model, 1)).text.length > 0)
})

test('should draw nothing where there is nothing, or too much', () => {
  const one = madeModel({ product: [factor('a', 1)] }, sum)
  assert.equal(drawFigure(document, one, firstView(one), 640), null)
  const texts = madeModel({ product: [A] }, () => 'only words')
  assert.equal(drawFigure(document, texts, firstView(texts), 640), null)
  const many = madeModel({ product: [A, B] }, sum)
  assert.equal(drawFigure(document, many, firstView(many), 640, 11), null)
})
