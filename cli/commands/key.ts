/** `reprise key show|import|rotate`: the key that signs the user's ledgers and witness statements. */
import { importKey, keyPath, ownKey, rotateKey } from '../../lab/key.ts'
import { verifierKeyText } from '../../lib/note.ts'
import { EXIT } from '../exit.ts'
import { terminal } from '../terminal.ts'

export async function keyShow(options: { json?: boolean }): Promise<number> {
  const out = terminal(options)
  const key = verifierKeyText(ownKey().key)
  out.print(key)
  out.say('others believe your signatures with: reprise verify MANIFEST --trust KEY, where KEY is that line')
  out.answer({ key, file: keyPath() })
  return EXIT.done
}

export async function keyImport(file: string, options: { json?: boolean }): Promise<number> {
  const out = terminal(options)
  const key = verifierKeyText(importKey(file))
  out.print(`${key}`)
  out.say(`kept in ${keyPath()}`)
  out.answer({ key, file: keyPath() })
  return EXIT.done
}

export async function keyRotate(options: { json?: boolean }): Promise<number> {
  const out = terminal(options)
  const { from, to } = rotateKey(new Date())
  out.print(`old  ${verifierKeyText(from)}`)
  out.print(`new  ${verifierKeyText(to)}`)
  out.say('each ledger records the change with its next entry; what the old key signed stays valid')
  out.answer({ from: verifierKeyText(from), key: verifierKeyText(to), file: keyPath() })
  return EXIT.done
}
