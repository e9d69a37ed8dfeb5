/** The last step of the build: the shapes as plain code, in the place of what compiles them (see shapes.ts). */
import { writeFileSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import { shapesSource } from './shapes-source.ts'

const source = await shapesSource(fileURLToPath(new URL('../../', import.meta.url)))
writeFileSync(new URL('shapes.js', import.meta.url), source)
