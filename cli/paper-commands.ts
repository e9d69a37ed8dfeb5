/** Commands for people who read and write papers: pages and files that show a record. */
import { add } from './program.ts'

add(
  'report <run|manifest|bundle>',
  'write a sealed run as one page that shows its results, and proves them where it is opened',
  async () => (await import('./commands/report.ts')).report,
)
  .option('-o, --output <file>', 'the page; report-NAME-RUN.html in this folder when not given')
  .option('--md <file>', 'write the numbers and what they rest on as Markdown too')
  .option('--csv <file>', 'write the means of all points as CSV too')
  .option('--svg <dir>', 'write the figures too, an SVG file each, into a new folder')
  .option('--whole', 'put all results into the page, however large it grows')
  .option('--force', 'replace files that are there')
