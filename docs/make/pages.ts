/** The pages that are made from the code, each with how it is made. */
import { apiPage } from './api.ts'
import { codesPage } from './codes.ts'
import { commandsPage } from './commands.ts'
import { configurationPage } from './configuration.ts'

/** By their paths from the repository's root. */
export const PAGES: Readonly<Record<string, () => string | Promise<string>>> = {
  'docs/reference/cli.md': commandsPage,
  'docs/reference/codes.md': codesPage,
  'docs/reference/configuration.md': configurationPage,
  'docs/reference/api.md': apiPage,
}
