/**
 * Whether the words of a report are those that its verified manifest gives: the sections that tell of the record are made once
 * more, by what made them, and held against those that stand in the page.
 */

import type { Manifest } from '../../provenance/manifest.ts'
import { designSection } from '../report/design-section.ts'
import { modelOf } from '../report/model.ts'
import { header } from '../report/page-parts.ts'
import { recordSection } from '../report/record-section.ts'
import type { ReportSource } from '../report/source.ts'
import type { Finding } from '../verification/judgement.ts'

/** Rows that the lab told which made the page: nothing in the record bears them out. */
const TOLD_BY_LAB = ['cost', 'rerun here']

/** The headings of sections whose words are others; none where all are as the record has them. `manifest` was found intact. */
export function changedWords(manifest: Manifest, { witnesses, about }: Finding): string[] {
  const model = modelOf(manifest.experiment.document, [], manifest.run.labels ?? {})
  const source = {
    manifest,
    model,
    hasResults: document.getElementById('results') !== null,
    verification: { valid: true, problems: [], checked: [], unchecked: [], manifest, witnesses },
    lacking: about?.lacking ?? [],
    told: { cost: null, reruns: [] },
  } as unknown as ReportSource
  const made = (text: string) => new DOMParser().parseFromString(text, 'text/html').body
  const pairs = [
    ['the head of the page', textOf('header', made(header(source).text)), textOf('header', document)],
    [
      'What was asked',
      textOf('#asked', made(designSection(manifest, model).text)),
      textOf('#asked', document),
    ],
    [
      'Where it comes from',
      rowsOf(made(recordSection(source).text)),
      rowsOf(document.getElementById('record')),
    ],
  ] as const
  return pairs.flatMap(([name, expected, found]) => (expected === found ? [] : [name]))
}

function textOf(selector: string, place: ParentNode): string {
  return [...place.querySelectorAll(selector)].map(({ textContent }) => textContent).join('\n')
}

/** The notices, rows and packages of the record; not what the lab told. */
function rowsOf(section: ParentNode | null): string {
  if (section === null) return ''
  const lines: string[] = []
  let term = ''
  for (const { localName, textContent } of section.querySelectorAll('.notice, .record > *, details')) {
    if (localName === 'dt') term = textContent ?? ''
    if (localName !== 'dt' && !TOLD_BY_LAB.includes(term)) lines.push(`${localName} ${term}: ${textContent}`)
  }
  return lines.join('\n')
}
