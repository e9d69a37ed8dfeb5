/** Puts one key, as a process: `putter.js STORE KEY TEXT TIMES`. Says whether it was the first, or what the store said. */
import { folderStore } from '../../../runners/array/folder-store.ts'

const [folder, key, text, times] = process.argv.slice(2)
const store = folderStore(folder!)
try {
  for (let n = 0; n < Number(times); n++) {
    const name = times === '1' ? key! : `${key}${n}`
    console.log(String(await store.put(name, Buffer.from(text!.repeat(1_000)))))
  }
} catch (error) {
  const { code, message, subject, remedy } = error as { code: string } & Record<string, string>
  console.log(JSON.stringify({ code, message, subject, remedy }))
}
