/** Lines of a stream, which comes from elsewhere: none may be longer than there is room for. */
import { StringDecoder } from 'node:string_decoder'

/** Each line without its end; a last one without an end is left out, since it may be half of one. Throws on too long a one. */
export async function* linesOf(stream: AsyncIterable<Buffer>, most: number): AsyncGenerator<string> {
  const decoder = new StringDecoder('utf8')
  let pieces: string[] = []
  let length = 0
  for await (const bytes of stream) {
    const parts = decoder.write(bytes).split('\n')
    for (const [place, part] of parts.entries()) {
      if (place > 0) {
        const line = pieces.join('')
        pieces = []
        length = 0
        if (line.trim() !== '') yield line
      }
      length += part.length
      if (length > most) throw new Error(`it says a line of more than ${most} characters`)
      pieces.push(part)
    }
  }
}
