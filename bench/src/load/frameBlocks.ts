/**
 * WebSocket text frames as a server sends them, encoded ahead of the run into blocks of the size of a socket write.
 */

const BLOCK_BYTES = 64 * 1024

/** The longest head: two bytes and a 64-bit length. */
const MOST_HEAD_BYTES = 10

const FINAL_TEXT = 0x81

/** One unmasked, unfragmented text frame. */
export const encodeFrame = (text: string): Buffer => {
  const bytes = Buffer.allocUnsafe(MOST_HEAD_BYTES + Buffer.byteLength(text))
  return bytes.subarray(0, writeFrame(bytes, 0, text))
}

/** Writes a frame and gives where it ends. */
const writeFrame = (target: Buffer, at: number, text: string): number => {
  const length = Buffer.byteLength(text)
  target[at] = FINAL_TEXT
  let head = 2
  if (length < 126) target[at + 1] = length
  else if (length < 65_536) {
    target[at + 1] = 126
    target.writeUInt16BE(length, at + 2)
    head = 4
  } else {
    target[at + 1] = 127
    target.writeBigUInt64BE(BigInt(length), at + 2)
    head = 10
  }
  target.write(text, at + head)
  return at + head + length
}

export class FrameBlocks {
  frames = 0
  bytes = 0
  readonly blocks: Array<Buffer> = []
  #open = Buffer.allocUnsafe(BLOCK_BYTES)
  #end = 0

  add(text: string): void {
    const most = MOST_HEAD_BYTES + Buffer.byteLength(text)
    if (this.#end + most > this.#open.length) {
      this.close()
      if (most > this.#open.length) this.#open = Buffer.allocUnsafe(most)
    }
    const end = writeFrame(this.#open, this.#end, text)
    this.bytes += end - this.#end
    this.#end = end
    this.frames++
  }

  /** Ends the block at work. Needed after the last frame. */
  close(): void {
    if (this.#end === 0) return
    this.blocks.push(this.#open.subarray(0, this.#end))
    this.#open = Buffer.allocUnsafe(BLOCK_BYTES)
    this.#end = 0
  }
}
